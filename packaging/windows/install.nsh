; The installer: for whom, where, whether at all; then the files, shortcuts, associations and the entry in Apps.

Function .onInit
  SetRegView 64
  SetShellVarContext current
  StrCpy $Data "$LOCALAPPDATA\ViScreen"
  ${If} $INSTDIR != "$LOCALAPPDATA\Programs\ViScreen"
    StrCpy $Given $INSTDIR
  ${EndIf}
  !insertmacro choose_language
  ${IfNot} ${AtLeastWin10}
  ${OrIfNot} ${RunningX64}
    !insertmacro stop 3 "$(not_supported)"
  ${EndIf}

  ReadRegStr $0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ReadRegStr $1 HKLM "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $0 == ""
  ${AndIf} $1 != ""
    StrCpy $Everybody "yes"
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/CURRENTUSER" $1
  ${IfNot} ${Errors}
    StrCpy $Everybody ""
  ${EndIf}
  ClearErrors
  ${GetOptions} $0 "/ALLUSERS" $1
  ${IfNot} ${Errors}
    StrCpy $Everybody "yes"
  ${EndIf}
  Call look_for_old

  ${If} ${Silent}
    ${If} $Everybody == "yes"
      UserInfo::GetAccountType
      Pop $0
      ${If} $0 != "Admin"
        !insertmacro stop 6 "$(needs_administrator)"
      ${EndIf}
    ${EndIf}
    Call refuse_older
    Call check_folder
    Pop $0
    ${If} $0 != ""
      !insertmacro stop 7 "$0"
    ${EndIf}
  ${EndIf}
FunctionEnd

; For the users chosen: what is installed already, and which folder that leads to.
Function look_for_old
  ${If} $Everybody == "yes"
    SetShellVarContext all
    StrCpy $INSTDIR "$PROGRAMFILES64\ViScreen"
  ${Else}
    SetShellVarContext current
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\ViScreen"
  ${EndIf}
  ReadRegStr $OldVersion SHCTX "${UNINSTALL_KEY}" "DisplayVersion"
  ReadRegStr $OldFolder SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $OldFolder != ""
    StrCpy $INSTDIR $OldFolder
  ${EndIf}
  ${If} $Given != ""
    StrCpy $INSTDIR $Given
  ${EndIf}
FunctionEnd

; The library of a newer program is refused by an older one: nobody should come to that by accident.
Function refuse_older
  ${If} $OldVersion == ""
    Return
  ${EndIf}
  ${VersionCompare} $OldVersion ${VERSION} $0
  ${If} $0 <> 1
    Return
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DOWNGRADE" $1
  ${If} ${Errors}
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "$(newer_installed)" /SD IDNO IDYES accepted
    SetErrorLevel 5
    Quit
    accepted:
  ${EndIf}
FunctionEnd

; Pushes the sentence that says why $INSTDIR cannot be used, or nothing.
Function check_folder
  StrLen $0 $Data
  StrCpy $1 "$INSTDIR\" $0
  StrCpy $2 "$INSTDIR\" 1 $0
  ${If} $1 == $Data
  ${AndIf} $2 == "\"
    Push "$(folder_of_data)"
    Return
  ${EndIf}
  ${IfNot} ${FileExists} "$INSTDIR\*.*"
    StrCpy $3 "new"
  ${EndIf}
  ClearErrors
  CreateDirectory "$INSTDIR"
  FileOpen $0 "$INSTDIR\viscreen.trial" w
  ${If} ${Errors}
    Push "$(folder_read_only)"
    Return
  ${EndIf}
  FileClose $0
  Delete "$INSTDIR\viscreen.trial"
  ${If} $3 == "new"
    RMDir "$INSTDIR"
  ${EndIf}
  ${GetRoot} "$INSTDIR" $0
  ClearErrors
  ${DriveSpace} "$0\" "/D=F /S=M" $1
  ${IfNot} ${Errors}
  ${AndIf} $1 < ${MEGABYTES}
    Push "$(folder_too_small)"
    Return
  ${EndIf}
  Push ""
FunctionEnd

Function show_users
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/ALLUSERS" $1
  ${IfNot} ${Errors}
    UserInfo::GetAccountType
    Pop $0
    ${If} $0 == "Admin" ; chosen already, by the command line or before the administrator was asked for
      Call refuse_older
      Abort
    ${EndIf}
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "$(users_title)" "$(users_subtitle)"
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateRadioButton} 0 10u 100% 12u "$(users_me)"
  Pop $MineButton
  ${NSD_AddStyle} $MineButton ${WS_GROUP}
  ${NSD_CreateLabel} 12u 24u 92% 26u "$(users_me_note)"
  Pop $0
  ${NSD_CreateRadioButton} 0 58u 100% 12u "$(users_all)"
  Pop $EverybodyButton
  ${NSD_CreateLabel} 12u 72u 92% 26u "$(users_all_note)"
  Pop $0
  ${If} $Everybody == "yes"
    ${NSD_Check} $EverybodyButton
  ${Else}
    ${NSD_Check} $MineButton
  ${EndIf}
  nsDialogs::Show
FunctionEnd

Function leave_users
  ${NSD_GetState} $EverybodyButton $0
  StrCpy $Everybody ""
  ${If} $0 = ${BST_CHECKED}
    UserInfo::GetAccountType
    Pop $0
    ${If} $0 != "Admin"
      StrCpy $1 "/ALLUSERS /LANG=$LANGUAGE"
      ${If} $Given != ""
        StrCpy $1 "$1 /D=$Given"
      ${EndIf}
      ClearErrors
      ExecShell "runas" "$EXEPATH" "$1"
      ${If} ${Errors}
        MessageBox MB_OK|MB_ICONINFORMATION "$(needs_administrator)"
        Abort
      ${EndIf}
      Quit
    ${EndIf}
    StrCpy $Everybody "yes"
  ${EndIf}
  Call look_for_old
  Call refuse_older
FunctionEnd

Function leave_folder
  Call check_folder
  Pop $0
  ${If} $0 != ""
    MessageBox MB_OK|MB_ICONSTOP "$0"
    Abort
  ${EndIf}
FunctionEnd

!macro offer_for_video EXTENSION
  WriteRegStr SHCTX "${CLASSES}\${EXTENSION}\OpenWithProgids" "ViScreen.Video" ""
!macroend

!macro command_of CLASS DESCRIPTION ARGUMENTS
  WriteRegStr SHCTX "${CLASSES}\${CLASS}" "" "${DESCRIPTION}"
  WriteRegStr SHCTX "${CLASSES}\${CLASS}\DefaultIcon" "" '"$INSTDIR\viscreen.exe",0'
  WriteRegStr SHCTX "${CLASSES}\${CLASS}\shell\open" "FriendlyAppName" "ViScreen"
  WriteRegStr SHCTX "${CLASSES}\${CLASS}\shell\open\command" "" '"$INSTDIR\viscreen.exe" ${ARGUMENTS}'
!macroend

Section
  Push $INSTDIR
  Call wait_until_closed
  ${If} $OldFolder != ""
  ${AndIf} $OldFolder != $INSTDIR
    Push $OldFolder
    Call wait_until_closed
    Push $OldFolder
    Call remove_program
    Delete "$OldFolder\uninstall.exe"
    RMDir "$OldFolder"
  ${EndIf}
  Push $INSTDIR
  Call remove_program

  ; The list comes first: what an interruption leaves can still be removed by it.
  SetOutPath "$INSTDIR\_internal"
  File "${PAYLOAD}\${LIST}"
  !include /CHARSET=UTF8 "${FILES}"
  SetOutPath "$INSTDIR"
  WriteUninstaller "$INSTDIR\uninstall.exe"

  CreateShortCut "$SMPROGRAMS\ViScreen.lnk" "$INSTDIR\viscreen.exe"
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/DESKTOP" $1
  ${IfNot} ${Errors}
  ${OrIf} ${FileExists} "$DESKTOP\ViScreen.lnk"
    Call make_desktop_shortcut
  ${EndIf}

  WriteRegStr SHCTX "${CLASSES}\.vspack" "" "ViScreen.Pack"
  !insertmacro command_of "ViScreen.Pack" "$(pack_type)" '"%1"'
  WriteRegStr SHCTX "${CLASSES}\.vslib" "" "ViScreen.Library"
  !insertmacro command_of "ViScreen.Library" "$(library_type)" '"%1"'
  !insertmacro command_of "ViScreen.Video" "$(video_type)" '"%1"'
  !insertmacro for_each_video offer_for_video
  Call tell_explorer

  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "ViScreen"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\viscreen.exe,0"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" ${KILOBYTES}
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
SectionEnd

Function make_desktop_shortcut
  CreateShortCut "$DESKTOP\ViScreen.lnk" "$INSTDIR\viscreen.exe"
FunctionEnd

; By Explorer, so that the program does not inherit an administrator's rights, nor keep its data with the administrator's.
Function start_program
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\viscreen.exe"'
FunctionEnd
