; The uninstaller: asks for the user's data, then removes what the installer made.

Function un.onInit
  SetRegView 64
  SetShellVarContext current
  StrCpy $Data "$LOCALAPPDATA\ViScreen"
  !insertmacro choose_language
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DELETEDATA" $1
  ${IfNot} ${Errors}
    StrCpy $DeleteData "yes"
  ${EndIf}

  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 == $INSTDIR
    UserInfo::GetAccountType
    Pop $0
    ${If} $0 != "Admin"
      ${IfNot} ${Silent}
        ClearErrors
        ExecShell "runas" "$INSTDIR\uninstall.exe" "/LANG=$LANGUAGE"
        ${IfNot} ${Errors}
          Quit
        ${EndIf}
      ${EndIf}
      !insertmacro stop 6 "$(needs_administrator)"
    ${EndIf}
    SetShellVarContext all
  ${EndIf}
FunctionEnd

Function un.show_data
  !insertmacro MUI_HEADER_TEXT "$(removal_title)" "$(removal_subtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 20u "$(removal_program)"
  Pop $0
  StrCpy $DataBox ""
  ${If} ${FileExists} "$Data\*.*"
    ${NSD_CreateLabel} 0 26u 100% 36u "$(removal_keeps)"
    Pop $0
    ${NSD_CreateCheckBox} 0 68u 100% 12u "$(removal_data)"
    Pop $DataBox
    ${NSD_CreateLabel} 12u 82u 92% 26u "$(removal_data_note)"
    Pop $0
    ${If} $DeleteData == "yes"
      ${NSD_Check} $DataBox
    ${EndIf}
  ${EndIf}
  GetDlgItem $0 $HWNDPARENT 1
  SendMessage $0 ${WM_SETTEXT} 0 "STR:$(removal_button)"
  nsDialogs::Show
FunctionEnd

Function un.leave_data
  StrCpy $DeleteData ""
  ${If} $DataBox != ""
    ${NSD_GetState} $DataBox $0
    ${If} $0 = ${BST_CHECKED}
      MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(removal_certain)" IDYES certain
      Abort
      certain:
      StrCpy $DeleteData "yes"
    ${EndIf}
  ${EndIf}
FunctionEnd

!macro forget_video EXTENSION
  DeleteRegValue SHCTX "${CLASSES}\${EXTENSION}\OpenWithProgids" "ViScreen.Video"
  DeleteRegKey /ifempty SHCTX "${CLASSES}\${EXTENSION}\OpenWithProgids"
  DeleteRegKey /ifempty SHCTX "${CLASSES}\${EXTENSION}"
!macroend

Section "Uninstall"
  Push $INSTDIR
  Call un.wait_until_closed
  ${IfNot} ${FileExists} "$INSTDIR\${LIST}"
    Abort "$(list_missing)"
  ${EndIf}
  Push $INSTDIR
  Call un.remove_program
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"

  Delete "$SMPROGRAMS\ViScreen.lnk"
  Delete "$DESKTOP\ViScreen.lnk"
  ReadRegStr $0 SHCTX "${CLASSES}\.vspack" ""
  ${If} $0 == "ViScreen.Pack"
    DeleteRegKey SHCTX "${CLASSES}\.vspack"
  ${EndIf}
  ReadRegStr $0 SHCTX "${CLASSES}\.vslib" ""
  ${If} $0 == "ViScreen.Library"
    DeleteRegKey SHCTX "${CLASSES}\.vslib"
  ${EndIf}
  DeleteRegKey SHCTX "${CLASSES}\ViScreen.Pack"
  DeleteRegKey SHCTX "${CLASSES}\ViScreen.Library"
  DeleteRegKey SHCTX "${CLASSES}\ViScreen.Video"
  !insertmacro for_each_video forget_video
  Call un.tell_explorer
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"

  ${If} $DeleteData == "yes"
    RMDir /r "$Data"
    ${If} ${FileExists} "$Data\*.*"
      Abort "$(cannot_remove) $Data"
    ${EndIf}
  ${EndIf}
SectionEnd
