# Tries the real installer on a real Windows: installs, asks the installed program whether it is whole, installs once
# more over it, removes it, for one user and for everybody; looks that the user's data stays until it is told to go.
# Usage, as an administrator, on a computer without ViScreen: try_installed.ps1 dist\ViScreen-VERSION-setup.exe

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$setup = (Resolve-Path -LiteralPath $args[0]).Path
$key = 'Software\Microsoft\Windows\CurrentVersion\Uninstall\ViScreen'
$data = Join-Path $env:LOCALAPPDATA 'ViScreen'
$case = Join-Path $data 'try_installed.txt'

function Assert-True([bool]$held, [string]$what) {
    Write-Host $(if ($held) { "ok      $what" } else { "WRONG   $what" })
    if (-not $held) { exit 1 }
}

function Invoke-Program([string]$program, [string]$words) {
    $process = Start-Process -FilePath $program -ArgumentList $words -PassThru
    $null = $process.Handle # without it, PowerShell forgets the exit code
    $process.WaitForExit() # and not -Wait, which waits for all that the program opened as well
    return $process.ExitCode
}

function Test-Installation([string]$switch, [string]$hive, [string]$folder, [string]$removal) {
    Write-Host "== $switch"
    Assert-True ((Invoke-Program $setup "/S $switch") -eq 0) 'installs silently'
    $entry = Get-ItemProperty -LiteralPath "${hive}:\$key"
    Assert-True ($entry.InstallLocation -eq $folder) "into $folder"
    Assert-True ($setup.EndsWith("ViScreen-$($entry.DisplayVersion)-setup.exe")) 'Apps shows its version'
    Assert-True ($entry.EstimatedSize -gt 0) 'Apps shows its size'

    & (Join-Path $folder 'viscreen-console.exe') --selftest | Out-Host
    Assert-True ($LASTEXITCODE -eq 0) 'the installed program is whole'
    Assert-True ((Invoke-Program (Join-Path $folder 'viscreen.exe') '--selftest') -eq 0) 'without a console too'

    Assert-True ((Invoke-Program $setup "/S $switch") -eq 0) 'installs over itself'
    Assert-True (Test-Path -LiteralPath $case) 'the data stays'

    $uninstaller = Join-Path $folder 'uninstall.exe'
    Start-Process -FilePath $uninstaller -ArgumentList $removal # it goes on as a copy of itself
    $deadline = (Get-Date).AddMinutes(3)
    while ((Test-Path -LiteralPath $folder) -and (Get-Date) -lt $deadline) { Start-Sleep -Milliseconds 500 }
    Assert-True (-not (Test-Path -LiteralPath $folder)) 'is removed silently, folder and all'
    Assert-True (-not (Test-Path -LiteralPath "${hive}:\$key")) 'Apps forgets it'
    Assert-True (-not (Test-Path -LiteralPath "${hive}:\Software\Classes\ViScreen.Pack")) '.vspack is free'
}

New-Item -ItemType Directory -Force -Path $data | Out-Null
Set-Content -LiteralPath $case -Value 'a case'
Test-Installation '/CURRENTUSER' 'HKCU' (Join-Path $env:LOCALAPPDATA 'Programs\ViScreen') '/S'
Assert-True (Test-Path -LiteralPath $case) 'the data stays when nobody says otherwise'
Test-Installation '/ALLUSERS' 'HKLM' (Join-Path $env:ProgramFiles 'ViScreen') '/S /DELETEDATA'
for ($i = 0; $i -lt 60 -and (Test-Path -LiteralPath $data); $i++) { Start-Sleep -Milliseconds 500 }
Assert-True (-not (Test-Path -LiteralPath $data)) '/DELETEDATA deletes the data'
