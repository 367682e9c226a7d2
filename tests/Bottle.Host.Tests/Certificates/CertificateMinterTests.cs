using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bottle.Host.Certificates;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Certificates;

[Parallelizable(ParallelScope.All)]
public sealed class CertificateMinterTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private static CertificateAuthority Mint(string name = "bottle test") => new CertificateMinter(new Clock(Noon)).MintAuthority(name);

    [Test]
    public void An_authority_is_P256_path_length_0_and_signs_certificates_only()
    {
        using var authority = Mint("Bottle egress demo-k3x9a");
        using var certificate = X509Certificate2.CreateFromPem(authority.CertificatePem);
        var constraints = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        var usage = certificate.Extensions.OfType<X509KeyUsageExtension>().Single();
        Assert.That((constraints.CertificateAuthority, constraints.HasPathLengthConstraint, constraints.PathLengthConstraint, constraints.Critical), Is.EqualTo((true, true, 0, true)));
        Assert.That((usage.KeyUsages, usage.Critical), Is.EqualTo((X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true)));
        Assert.That(certificate.GetECDsaPublicKey()!.ExportParameters(false).Curve.Oid.Value, Is.EqualTo("1.2.840.10045.3.1.7"));
        Assert.That(certificate.Subject, Is.EqualTo("CN=Bottle egress demo-k3x9a"));
    }

    [Test]
    public void It_is_valid_from_an_hour_before_for_thirty_days()
    {
        using var authority = Mint();
        using var certificate = X509Certificate2.CreateFromPem(authority.CertificatePem);
        Assert.That((certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime()), Is.EqualTo((Noon.UtcDateTime.AddHours(-1), Noon.UtcDateTime.AddDays(30))));
    }

    [Test]
    public void Its_keys_are_the_certificate_s_in_both_forms()
    {
        using var authority = Mint();
        Assert.That(authority.KeyPkcs8Pem, Does.StartWith("-----BEGIN PRIVATE KEY-----\n"));
        Assert.That(authority.KeySec1Pem, Does.StartWith("-----BEGIN EC PRIVATE KEY-----\n"), "pipelock wants this block first");
        using var fromPkcs8 = X509Certificate2.CreateFromPem(authority.CertificatePem, authority.KeyPkcs8Pem);
        using var fromSec1 = X509Certificate2.CreateFromPem(authority.CertificatePem, authority.KeySec1Pem);
        Assert.That((fromPkcs8.HasPrivateKey, fromSec1.HasPrivateKey), Is.EqualTo((true, true)));
    }

    [Test]
    public void Two_authorities_share_nothing()
    {
        using var one = Mint();
        using var two = Mint();
        Assert.That(one.KeyPkcs8Pem, Is.Not.EqualTo(two.KeyPkcs8Pem));
        Assert.That(Chains(two, one.IssueServer("api.demo.test").ChainPem), Is.False);
    }

    [TestCase("api.demo.test")]
    [TestCase("a-label-of-nearly-sixty-three-characters-which-is-very-long.sub.example.test")]
    [TestCase("192.0.2.7")]
    public void A_server_certificate_chains_to_its_authority_and_names_its_host_alone(string host)
    {
        using var authority = Mint();
        var (chain, key) = authority.IssueServer(host);
        Assert.That(Chains(authority, chain));
        using var server = X509Certificate2.CreateFromPem(chain, key);
        Assert.That((server.MatchesHostname(host), server.MatchesHostname("other.test"), server.HasPrivateKey), Is.EqualTo((true, false, true)));
        Assert.That(chain, Does.EndWith(authority.CertificatePem));
    }

    [Test]
    public async Task OpenSsl_agrees()
    {
        if (ExecutableFinder.Find("openssl", Environment.GetEnvironmentVariable("PATH")) is null)
            Assert.Ignore("no openssl on PATH");
        using var folder = new TemporaryFolder();
        using var authority = new CertificateMinter(TimeProvider.System).MintAuthority("bottle test");
        var (chain, _) = authority.IssueServer("api.demo.test");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "ca.pem"), authority.CertificatePem);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "server.pem"), chain);
        async Task<string> OpenSsl(params string[] arguments) => (await new CommandRunner().RunCheckedAsync(new Command("openssl", arguments) { WorkingDirectory = folder.Path })).Output.Trim();
        Assert.That(await OpenSsl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "api.demo.test", "-CAfile", "ca.pem", "server.pem"), Is.EqualTo("server.pem: OK"));
        Assert.That((await OpenSsl("x509", "-in", "ca.pem", "-noout", "-fingerprint", "-sha256")).Split('=')[1], Is.EqualTo(authority.Sha256Fingerprint));
    }

    [Test]
    public void Roots_are_read_from_the_first_place_that_has_some()
    {
        using var folder = new TemporaryFolder();
        using var authority = Mint();
        var empty = Path.Combine(folder.Path, "empty");
        var full = Path.Combine(folder.Path, "full");
        File.WriteAllText(empty, "");
        File.WriteAllText(full, authority.CertificatePem.TrimEnd());
        Assert.That(SystemRoots.ReadPem([Path.Combine(folder.Path, "none"), empty, full]), Is.EqualTo(authority.CertificatePem));
        Assert.That(SystemRoots.ReadPem([empty]), Is.Null);
    }

    private static bool Chains(CertificateAuthority authority, string chainPem)
    {
        using var root = X509Certificate2.CreateFromPem(authority.CertificatePem);
        using var server = X509Certificate2.CreateFromPem(chainPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(root);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = Noon.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        return chain.Build(server);
    }
}
