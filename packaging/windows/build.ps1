# Builds all that a Windows user downloads, into dist: the program's folder, the installer, its SBOM and their hashes.
# Needs Windows PowerShell 5.1, git, NSIS 3 and a 64-bit Python 3.11 to 3.13 as "python". sign.ps1 says how to sign.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$root = Split-Path -Parent (Split-Path -Parent $PSScriptRoot)
$dist = Join-Path $root 'dist'
$folder = Join-Path $dist 'viscreen'
$console = Join-Path $folder 'viscreen-console.exe'
$sign = Join-Path $PSScriptRoot 'sign.ps1'

function Invoke-Step([string]$what, [string]$program, [string[]]$arguments) {
    Write-Host "== $what"
    & $program @arguments | Out-Host
    if ($LASTEXITCODE -ne 0) {
        Write-Host "The step '$what' failed with exit code $LASTEXITCODE."
        exit 1
    }
}

$powershell = @('-NoProfile', '-ExecutionPolicy', 'Bypass', '-File', $sign)
Push-Location -LiteralPath $root
try {
    Invoke-Step 'the program' 'python' @('packaging\build.py', '--out', $dist)
    Invoke-Step 'signing the program' 'powershell' ($powershell + @((Join-Path $folder 'viscreen.exe'), $console))

    # What is signed has changed since build.py listed it.
    $list = "import sys; sys.path.insert(0, 'packaging'); import build; from pathlib import Path; " +
        "build.write_hashes(Path('dist/viscreen'), build.moment_of_the_commit())"
    Invoke-Step 'the list of its files' 'python' @('-c', $list)
    Invoke-Step 'its own test' $console @('--selftest')

    Invoke-Step 'the installer' 'build\environment\Scripts\python.exe' @(
        'packaging\windows\installer.py', $folder, '--pictures', 'build\icons', '--out', $dist, '--sign', $sign)
}
finally {
    Pop-Location
}

Copy-Item -LiteralPath (Join-Path $folder '_internal\licences\sbom.cdx.json') -Destination $dist
$sums = foreach ($file in Get-ChildItem -LiteralPath $dist -File | Where-Object { $_.Extension -in '.exe', '.json' }) {
    '{0}  {1}' -f (Get-FileHash -LiteralPath $file.FullName -Algorithm SHA256).Hash.ToLowerInvariant(), $file.Name
}
[IO.File]::WriteAllText((Join-Path $dist 'SHA256SUMS'), (($sums -join "`n") + "`n"))
