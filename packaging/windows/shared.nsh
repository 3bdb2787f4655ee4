; What the installer and the uninstaller share: language, waiting, removing by the list, the kinds of video.

!macro stop CODE SENTENCE
  MessageBox MB_OK|MB_ICONSTOP "${SENTENCE}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

; The language of the window's own start: Vietnamese where Windows speaks it or counts and dates in it.
!macro choose_language
  Push $0
  Push $1
  System::Call "kernel32::GetUserDefaultLCID() i .r0"
  IntOp $0 $0 & 0x3FF
  ${If} $0 = 0x2A
    StrCpy $LANGUAGE ${LANG_VIETNAMESE}
  ${EndIf}
  ${GetParameters} $0
  ClearErrors
  ${GetOptions} $0 "/LANG=" $1
  ${IfNot} ${Errors}
    StrCpy $LANGUAGE $1
  ${EndIf}
  ClearErrors
  Pop $1
  Pop $0
!macroend

!macro shared UN CAPITAL
  ; Waits, or quits, until no program runs out of the folder on the stack: Windows lets nobody write to one that does.
  Function ${UN}wait_until_closed
    Exch $0
    Push $1
    Push $2
    Push $3
    again:
    ${For} $3 1 2
      StrCpy $2 "$0\viscreen.exe"
      ${If} $3 = 2
        StrCpy $2 "$0\viscreen-console.exe"
      ${EndIf}
      System::Call 'kernel32::CreateFileW(w r2, i 0xC0000000, i 7, p 0, i 3, i 0x80, p 0) p .r1 ?e'
      Pop $2
      ${If} $1 P<> -1
        System::Call "kernel32::CloseHandle(p r1)"
      ${ElseIf} $2 = 32 ; ERROR_SHARING_VIOLATION
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$(is_running)" /SD IDCANCEL IDRETRY again
        SetErrorLevel 4
        Quit
      ${EndIf}
    ${Next}
    Pop $3
    Pop $2
    Pop $1
    Pop $0
  FunctionEnd

  ; Removes the program from the folder on the stack: each file of its own list, then the folders that this leaves
  ; empty. Ends everything where a file resists.
  Function ${UN}remove_program
    Exch $0
    Push $1
    Push $2
    Push $3
    Push $4
    StrCpy $Failed ""
    ClearErrors
    FileOpen $1 "$0\${LIST}" r
    ${IfNot} ${Errors}
      ${Do}
        ClearErrors
        FileRead $1 $2
        ${If} ${Errors}
          ${ExitDo}
        ${EndIf}
        StrCpy $2 $2 "" 66 ; after the hash and two spaces
        ${${CAPITAL}StrRep} $2 $2 "$\n" ""
        ${${CAPITAL}StrRep} $2 $2 "$\r" ""
        ${${CAPITAL}StrRep} $2 $2 "/" "\"
        ${${CAPITAL}StrStr} $3 "\$2\" "\..\" ; a list that leads out of the folder is not ours
        ${${CAPITAL}StrStr} $4 $2 ":"
        ${If} $2 != ""
        ${AndIf} $3 == ""
        ${AndIf} $4 == ""
          SetFileAttributes "$0\$2" NORMAL
          Delete "$0\$2"
          ${If} ${FileExists} "$0\$2"
          ${AndIf} $Failed == ""
            StrCpy $Failed "$0\$2"
          ${EndIf}
          Push "$0\$2"
          Call ${UN}remove_empty_folders
        ${EndIf}
      ${Loop}
      FileClose $1
      ${If} $Failed != "" ; the list stays, for another try
        Abort "$(cannot_remove) $Failed"
      ${EndIf}
      Delete "$0\${LIST}"
      Push "$0\${LIST}"
      Call ${UN}remove_empty_folders
    ${EndIf}
    ClearErrors
    Pop $4
    Pop $3
    Pop $2
    Pop $1
    Pop $0
  FunctionEnd

  ; Removes each folder between $0 and the file on the stack that holds nothing any more.
  Function ${UN}remove_empty_folders
    Exch $1
    ${Do}
      ${GetParent} "$1" $1
      ${If} $1 == $0
        ${ExitDo}
      ${EndIf}
      ClearErrors
      RMDir "$1"
    ${LoopUntil} ${Errors}
    ClearErrors
    Pop $1
  FunctionEnd

  ; Explorer reads icons and associations again.
  Function ${UN}tell_explorer
    System::Call "shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)"
  FunctionEnd
!macroend
!insertmacro shared "" ""
!insertmacro shared "un." "Un"

; Every kind of video that the window itself offers to open.
!macro for_each_video MACRO
  !insertmacro ${MACRO} ".mp4"
  !insertmacro ${MACRO} ".m4v"
  !insertmacro ${MACRO} ".mov"
  !insertmacro ${MACRO} ".mkv"
  !insertmacro ${MACRO} ".webm"
  !insertmacro ${MACRO} ".avi"
  !insertmacro ${MACRO} ".mpg"
  !insertmacro ${MACRO} ".mpeg"
  !insertmacro ${MACRO} ".wmv"
  !insertmacro ${MACRO} ".3gp"
  !insertmacro ${MACRO} ".mts"
  !insertmacro ${MACRO} ".m2ts"
  !insertmacro ${MACRO} ".ts"
!macroend
