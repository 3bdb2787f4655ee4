# Sets ViScreen up in .venv in the project's own folder, then runs its demonstration or its tests.
# Needs Windows PowerShell 5.1 and Python 3.11 to 3.13 (64-bit); a second run finds everything done and starts at once.
# It reads $args itself, so that words such as -k reach pytest instead of being taken for parameters of this script.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$usage = 'Usage: powershell -ExecutionPolicy Bypass -File packaging\setup.ps1 demo [ARGUMENTS OF viscreen demo] | test [ARGUMENTS OF pytest]'
$root = Split-Path -Parent $PSScriptRoot
$venv = Join-Path $root '.venv'
$python = Join-Path $venv 'Scripts\python.exe'

function Write-Line([string]$text) { [Console]::Error.WriteLine($text) }

function Stop-Setup([string]$sentence) {
    Write-Line $sentence
    exit 1
}

# Runs a program for its exit code alone. Windows PowerShell turns a program's redirected errors into exceptions
# unless they are told to continue.
function Test-Run([string]$program, [string[]]$arguments) {
    $ErrorActionPreference = 'Continue'
    if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { return $false }
    & $program @arguments *> $null
    return $LASTEXITCODE -eq 0
}

$isSupported = 'import ensurepip, sys, venv; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 13) and sys.maxsize > 2**32))'

# The command, as a program and its first arguments, that starts a Python which will do; nothing where there is none.
function Find-Python {
    foreach ($command in @(@('py', '-3.13'), @('py', '-3.12'), @('py', '-3.11'), @('python'), @('python3'))) {
        $first = @($command | Select-Object -Skip 1)
        if (Test-Run $command[0] ($first + @('-c', $isSupported))) { return $command }
    }
}

# A virtual environment is whole when its own pip starts in this very place: not half-made, not moved or copied here.
function Test-Venv {
    $pip = Join-Path $venv 'Scripts\pip.exe'
    if (-not (Test-Path -LiteralPath $pip)) { return $false }
    $starter = [Text.Encoding]::UTF8.GetString([IO.File]::ReadAllBytes($pip))
    if ($starter.IndexOf($python, [StringComparison]::OrdinalIgnoreCase) -lt 0) { return $false }
    return Test-Run $python @('-c', $isSupported)
}

function Install-Packages([string[]]$arguments) {
    & $python -m pip install --quiet @arguments
    if ($LASTEXITCODE -ne 0) {
        Stop-Setup 'Installing the Python packages failed (the reason is above). Check the network connection and the space on the disk, then run the same command again.'
    }
}

# Brings .venv to what the named requirement files say, one after the other.
function Install-ViScreen([string[]]$files) {
    # A user's own settings must not lead Python or pip out of .venv; index, proxy and certificate settings stay.
    foreach ($name in 'PYTHONPATH', 'PYTHONHOME', 'PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT') {
        Remove-Item -Path "Env:$name" -ErrorAction SilentlyContinue
    }
    $env:PYTHONNOUSERSITE = '1'
    $env:PIP_USER = '0'
    $env:PIP_DISABLE_PIP_VERSION_CHECK = '1'

    if (-not (Test-Venv)) {
        $command = @(Find-Python)
        if ($command.Count -eq 0) {
            Stop-Setup 'ViScreen needs Python 3.11, 3.12 or 3.13 (64-bit) and found none. Install one, for example with "winget install Python.Python.3.13", then run the same command again.'
        }
        $first = @($command | Select-Object -Skip 1)
        Write-Line "Making the virtual environment .venv with $command"
        if (Test-Path -LiteralPath $venv) { Remove-Item -LiteralPath $venv -Recurse -Force }
        & $command[0] @first -m venv $venv
        if ($LASTEXITCODE -ne 0) { Stop-Setup "The virtual environment $venv could not be made (the reason is above)." }
    }

    # ONNX Runtime loads Microsoft's C++ runtime from the system.
    if (-not (Test-Run $python @('-c', "import ctypes; ctypes.WinDLL('msvcp140.dll')"))) {
        Stop-Setup 'The Microsoft Visual C++ runtime is missing. Install it, for example with "winget install Microsoft.VCRedist.2015+.x64", then run the same command again.'
    }

    foreach ($file in $files) {
        $list = Join-Path $root "packaging\$file"
        $stamp = Join-Path $venv ".installed-$file"
        $digest = ($list, (Join-Path $root 'pyproject.toml') | ForEach-Object { (Get-FileHash -LiteralPath $_ -Algorithm SHA256).Hash }) -join ' '
        if ((Test-Path -LiteralPath $stamp) -and ([IO.File]::ReadAllText($stamp) -eq $digest)) { continue }
        $count = @(Select-String -LiteralPath $list -Pattern '==' -SimpleMatch).Count
        Write-Line "Installing $count Python packages from $file (a few minutes the first time)"
        Install-Packages @('-r', $list)
        if ($file -eq 'requirements.txt') { Install-Packages @('--no-deps', '--no-build-isolation', '-e', $root) }
        [IO.File]::WriteAllText($stamp, $digest)
    }
}

function Invoke-Tests([string[]]$arguments) {
    $failed = @()
    $env:QT_QPA_PLATFORM = 'offscreen'
    Push-Location -LiteralPath $root
    try {
        Write-Line 'ruff'
        & $python -m ruff check . | Out-Host
        if ($LASTEXITCODE -ne 0) { $failed += 'ruff' }
        Write-Line 'mypy'
        & $python -m mypy | Out-Host
        if ($LASTEXITCODE -ne 0) { $failed += 'mypy' }
        Write-Line 'import-linter'
        & (Join-Path $venv 'Scripts\lint-imports.exe') | Out-Host
        if ($LASTEXITCODE -ne 0) { $failed += 'import-linter' }
        Write-Line 'pytest'
        & $python -m pytest @arguments | Out-Host
        if ($LASTEXITCODE -ne 0) { $failed += 'pytest' }
    }
    finally {
        Pop-Location
    }
    if ($failed.Count -gt 0) { Stop-Setup "Failed: $failed" }
}

$word = if ($args.Count -gt 0) { [string]$args[0] } else { '' }
$rest = @($args | Select-Object -Skip 1)

switch -CaseSensitive ($word) {
    'demo' {
        Install-ViScreen @('requirements.txt')
        & (Join-Path $venv 'Scripts\viscreen.exe') demo @rest
        exit $LASTEXITCODE
    }
    'test' {
        Install-ViScreen @('requirements.txt', 'requirements-test.txt')
        Invoke-Tests $rest
        exit 0
    }
    default {
        Write-Line $usage
        exit 2
    }
}
