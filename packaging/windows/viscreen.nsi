; ViScreen's installer for Windows. `packaging/windows/installer.py` compiles it and says what it is given:
;   VERSION (X.Y.Z), OUTPUT, PAYLOAD (the folder dist\viscreen), FILES (a list of its files made for NSIS), PICTURES,
;   KILOBYTES and MEGABYTES (what it needs), SIGN (a command; only where there is a certificate), TARGET (only where a test runs 64-bit stubs).
;
; Installer:   /S silent, /CURRENTUSER or /ALLUSERS, /DESKTOP a shortcut there too, /DOWNGRADE, /LANG=1066 or 1033,
;              /D=FOLDER without quotes, always last.
; Uninstaller: /S silent, /DELETEDATA deletes the data of the account that runs it as well. Started as
;              `uninstall.exe /S _?=FOLDER` it returns only when it is done, and leaves itself and FOLDER behind.
; Exit codes:  0 done, 1 cancelled, 2 a file could not be written or removed, 3 this Windows is not supported,
;              4 ViScreen is running, 5 a newer version is installed, 6 an administrator is needed,
;              7 the folder cannot be used.
;
; What is replaced and removed is what `_internal\files.sha256` of the installed program lists, file by file, never a
; folder with what else may lie in it. Cases, reviews, profiles and packs lie elsewhere, in DATA.

Unicode true
!ifdef TARGET
  Target ${TARGET}
!endif
ManifestDPIAware true
ManifestLongPathAware true
RequestExecutionLevel user ; who chooses “for all users” is asked for an administrator then
SetCompressor /SOLID lzma
SetCompressorDictSize 64
SetDateSave off ; the same files give the same installer, whenever they were built
SetOverwrite on
AllowSkipFiles off
CRCCheck on

!include MUI2.nsh
!include nsDialogs.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!include StrFunc.nsh
!include WinVer.nsh
!include WordFunc.nsh
!include x64.nsh
${Using:StrFunc} StrStr
${Using:StrFunc} UnStrStr
${Using:StrFunc} StrRep
${Using:StrFunc} UnStrRep

!define LIST "_internal\files.sha256"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\ViScreen"
!define CLASSES "Software\Classes"
!define PUBLISHER "The ViScreen developers"

Name "ViScreen"
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\ViScreen"
BrandingText "ViScreen ${VERSION}"
!ifdef SIGN
  !finalize '${SIGN} "%1"' = 0
  !uninstfinalize '${SIGN} "%1"' = 0
!endif

Var Everybody ; "yes" where the program is for all users of the computer
Var Given ; the folder of /D=
Var Data ; the user's own folder, whatever SetShellVarContext says
Var OldVersion
Var OldFolder
Var Failed ; the first file that could not be removed
Var MineButton
Var EverybodyButton
Var DataBox
Var DeleteData

!define MUI_ICON "${PICTURES}\viscreen.ico"
!define MUI_UNICON "${PICTURES}\viscreen.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${PICTURES}\side.bmp"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "$(welcome_title)"
!define MUI_WELCOMEPAGE_TEXT "$(welcome_text)"
!define MUI_PAGE_CUSTOMFUNCTION_LEAVE leave_folder
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "$(finish_run)"
!define MUI_FINISHPAGE_RUN_FUNCTION start_program
!define MUI_FINISHPAGE_SHOWREADME
!define MUI_FINISHPAGE_SHOWREADME_NOTCHECKED
!define MUI_FINISHPAGE_SHOWREADME_TEXT "$(finish_desktop)"
!define MUI_FINISHPAGE_SHOWREADME_FUNCTION make_desktop_shortcut

!insertmacro MUI_PAGE_WELCOME
Page custom show_users leave_users
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
UninstPage custom un.show_data un.leave_data
!insertmacro MUI_UNPAGE_INSTFILES

!insertmacro MUI_LANGUAGE "English" ; the first one is for systems that speak neither
!insertmacro MUI_LANGUAGE "Vietnamese"
!include /CHARSET=UTF8 "english.nsh"
!include /CHARSET=UTF8 "vietnamese.nsh"

VIProductVersion "${VERSION}.0"
!macro version_in LANGUAGE DESCRIPTION
  VIAddVersionKey /LANG=${LANGUAGE} "ProductName" "ViScreen"
  VIAddVersionKey /LANG=${LANGUAGE} "ProductVersion" "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} "FileVersion" "${VERSION}"
  VIAddVersionKey /LANG=${LANGUAGE} "FileDescription" "${DESCRIPTION}"
  VIAddVersionKey /LANG=${LANGUAGE} "CompanyName" "${PUBLISHER}"
  VIAddVersionKey /LANG=${LANGUAGE} "LegalCopyright" "${PUBLISHER}, GPL-3.0-or-later"
!macroend
!insertmacro version_in ${LANG_ENGLISH} "ViScreen Setup"
!insertmacro version_in ${LANG_VIETNAMESE} "ViScreen Setup"

!include "shared.nsh"
!include "install.nsh"
!include "remove.nsh"
