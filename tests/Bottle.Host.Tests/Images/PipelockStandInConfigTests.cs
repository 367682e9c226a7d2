using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

/// <summary>The stand-in reads as strictly as pipelock: a file that the real one would refuse must not pass here.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class PipelockStandInConfigTests : IDisposable
{
    private readonly TestAuthority authority = new("pipelock");

    public void Dispose() => authority.Dispose();

    [Test]
    public async Task The_recommended_file_is_accepted()
    {
        await using var standIn = new StandInProcess(authority, "");
        standIn.Write("pipelock.yaml", standIn.Config("[localhost]", "[]", "[]"));
        var result = await standIn.RunAsync("check", "--config", standIn.ConfigFile);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo((0, "valid: 1 hosts allowed\n")));
    }

    [Test]
    public async Task An_authority_that_may_not_sign_is_refused()
    {
        using var weak = new TestAuthority("weak", X509KeyUsageFlags.DigitalSignature);
        await using var standIn = new StandInProcess(weak, "");
        var config = standIn.Write("pipelock.yaml", standIn.Config("[localhost]", "[]", "[]"));
        Assert.That((await standIn.RunAsync("run", "--config", config)).Error, Does.Contain("may not sign certificates"));
    }

    [TestCase("enforce: true", "enforced: true", "line 3: field enforced not found in type config.Config")]
    [TestCase("max_tunnel_seconds: 86400", "max_seconds: 1", "field max_seconds not found in type config.ForwardProxy")]
    [TestCase("version: 1", "version: 1\nversion: 1", "uplicate key")]
    [TestCase("mode: strict", "mode: relaxed", "invalid mode \"relaxed\": must be strict, balanced, or audit")]
    [TestCase("mode: strict", "mode: balanced", "strict mode only")]
    [TestCase("api_allowlist: [localhost]", "api_allowlist: []", "strict mode requires at least one domain in api_allowlist")]
    [TestCase("cert_ttl: 24h", "cert_ttl: \"24\"", "tls_interception.cert_ttl")]
    [TestCase("action: block", "action: deny", "must be warn or block")]
    [TestCase("ip_allowlist: []", "ip_allowlist: [172.20.0.4/16]", "ssrf.ip_allowlist")]
    [TestCase("ip_allowlist: []", "ip_allowlist: [0.0.0.0/0]", "ssrf.ip_allowlist")]
    [TestCase("ca_cert: ca.pem", "ca_cert: none.pem", "CA cert not found")]
    [TestCase("scan_env: false", "scan_env: maybe", "dlp.scan_env")]
    public async Task A_file_that_pipelock_would_refuse_is_refused(string good, string bad, string said)
    {
        await using var other = new StandInProcess(authority, "");
        var config = other.Config("[localhost]", "[]", "[]");
        Assert.That(config, Does.Contain(good));
        other.Write("pipelock.yaml", config.Replace(good, bad, StringComparison.Ordinal));
        var result = await other.RunAsync("check", "--config", other.ConfigFile);
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain(said));
    }

    [Test]
    public async Task A_key_that_is_not_SEC1_or_that_others_may_read_is_refused()
    {
        await using var other = new StandInProcess(authority, "");
        var config = other.Write("pipelock.yaml", other.Config("[localhost]", "[]", "[]"));
        other.Write("ca-key.pem", authority.Pkcs8);
        Assert.That((await other.RunAsync("run", "--config", config)).Error, Does.Contain("BEGIN EC PRIVATE KEY"));
        File.SetUnixFileMode(other.Write("ca-key.pem", authority.Sec1), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.That((await other.RunAsync("check", "--config", config)).Error, Does.Contain("too permissive"));
    }
}
