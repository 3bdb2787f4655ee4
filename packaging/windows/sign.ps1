# Signs the programs named on the command line, where there is a certificate to sign with; says so where there is none.
#   VISCREEN_CERTIFICATE            the certificate with its key, a .pfx file written as base64
#   VISCREEN_CERTIFICATE_PASSWORD   its password, if it has one
#   VISCREEN_TIMESTAMP_SERVER       address of a time stamp server; without one, signatures end with the certificate
# Needs Windows PowerShell 5.1 or later, and nothing else.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

if (-not $env:VISCREEN_CERTIFICATE) {
    foreach ($file in $args) { Write-Host "UNSIGNED: $file (VISCREEN_CERTIFICATE is not set)" }
    exit 0
}

$flags = [Security.Cryptography.X509Certificates.X509KeyStorageFlags]::DefaultKeySet
$certificate = New-Object Security.Cryptography.X509Certificates.X509Certificate2 @(
    [Convert]::FromBase64String($env:VISCREEN_CERTIFICATE), [string]$env:VISCREEN_CERTIFICATE_PASSWORD, $flags)
$how = @{ Certificate = $certificate; HashAlgorithm = 'SHA256'; IncludeChain = 'NotRoot' }
if ($env:VISCREEN_TIMESTAMP_SERVER) { $how.TimestampServer = $env:VISCREEN_TIMESTAMP_SERVER }

foreach ($file in $args) {
    $signature = Set-AuthenticodeSignature -FilePath $file @how
    $stamped = $null -ne $signature.TimeStamperCertificate
    if ($null -eq $signature.SignerCertificate -or ($env:VISCREEN_TIMESTAMP_SERVER -and -not $stamped)) {
        Write-Host "Signing $file failed: $($signature.StatusMessage)"
        exit 1
    }
    $stamp = if ($stamped) { 'with a time stamp' } else { 'WITHOUT a time stamp' }
    Write-Host "Signed $file for $($certificate.Subject), $stamp; this computer says: $($signature.Status)"
}
