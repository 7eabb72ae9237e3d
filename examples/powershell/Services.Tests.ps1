# Tests for Pester 5 in PowerShell 7, with the class of examples/dotnet/CucMock.cs.

BeforeAll {
    Add-Type -Path "$PSScriptRoot/../dotnet/CucMock.cs" -IgnoreWarnings

    $password = ConvertTo-SecureString 'secret' -AsPlainText -Force
    $credential = [pscredential]::new('admin', $password)

    # The code under test: it adds a service, and repeats the request while the server is busy.
    function Add-Service([string] $Url, [string] $Name, [int] $ServerType) {
        $service = @{
            DisplayName                 = $Name
            ServerType                  = $ServerType
            Server                      = '10.76.175.167'
            ServiceAlias                = 'admin'
            ServicePassword             = 'ecsbulab'
            TransferExtensionDialString = '111111'
        }
        $request = @{
            Uri                            = "$Url/vmrest/externalservices"
            Method                         = 'Post'
            ContentType                    = 'application/json'
            Headers                        = @{ Accept = 'application/json' }
            Body                           = ConvertTo-Json $service
            Authentication                 = 'Basic'
            Credential                     = $credential
            AllowUnencryptedAuthentication = $true
            SkipHttpErrorCheck             = $true
        }
        do {
            $response = Invoke-WebRequest @request
        } while ($response.StatusCode -eq 503)
        if ($response.StatusCode -ne 201) {
            throw "status $($response.StatusCode): $($response.Content)"
        }
    }
}

Describe 'Add-Service' {
    BeforeEach {
        $mock = [CucMock]::new('--seed 1')
    }

    AfterEach {
        $mock.Dispose()
    }

    It 'adds a service' {
        Add-Service $mock.Url 'Mail' 1
        $mock.Verify('{"requests": {"method": "POST", "path": "externalservices", "status": 201}, "exactly": 1}')
    }

    It 'reports a rejected field' {
        { Add-Service $mock.Url 'Mail' 9 } | Should -Throw '*ServerType*expected 1, 4 or 5*'
        $reason = ($mock.Requests | ConvertFrom-Json).requests[0].reason
        $reason.field | Should -Be 'ServerType'
    }

    It 'reports a wrong password' {
        $strict = [CucMock]::new('--user admin:other')
        try {
            { Add-Service $strict.Url 'Mail' 1 } | Should -Throw 'status 401: *'
        }
        finally {
            $strict.Dispose()
        }
    }

    It 'repeats a request while the server is busy' {
        $mock.Fault('{"preset": "busy", "requests": {"method": "POST"}, "times": 2}')
        Add-Service $mock.Url 'Mail' 1
        $mock.Verify('{"requests": {"method": "POST", "fields": {"DisplayName": "Mail"}}, "exactly": 3}')
    }
}

Describe 'CucMock' {
    It 'trusts its CA over HTTPS' {
        $mock = [CucMock]::new('--no-auth')
        try {
            $response = $mock.CreateClient().GetAsync("$($mock.HttpsUrl)/vmrest/version").GetAwaiter().GetResult()
            [int] $response.StatusCode | Should -Be 200
        }
        finally {
            $mock.Dispose()
        }
    }

    It 'shows the report of a failed verification' {
        $mock = [CucMock]::new('--seed 1')
        try {
            { $mock.Verify('{"requests": {"method": "POST"}}') } | Should -Throw '*expected POST*found 0 among 0 requests*'
        }
        finally {
            $mock.Dispose()
        }
    }
}
