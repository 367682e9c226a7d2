using System.Text;
using Bottle.Contracts.Git;
using Bottle.Core.Diagnostics;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Certificates;
using Bottle.Host.Secrets;
using NUnit.Framework;

namespace Bottle.Host.Tests.Secrets;

[Parallelizable(ParallelScope.All)]
internal sealed class GitCredentialsTests
{
    private static readonly SourceSpan Where = new("bottles/dev.md", 7, 5);

    [Test]
    public void A_key_and_host_keys_beside_the_manifest_are_read_with_their_last_line_break()
    {
        using var folder = new TemporaryFolder();
        using var key = new SshKey();
        Write(folder, "bottles/keys/app", key.PrivatePem.TrimEnd() + "\r\n");
        Write(folder, "bottles/keys/known", $"git.example.com {key.PublicLine}");
        var credentials = new GitCredentials(folder.Path);
        Assert.That(credentials.Problems([Remote("keys/app", "keys/known")]), Is.Empty);
        Assert.That(credentials.Key(Plan("keys/app", "keys/known")), Is.EqualTo(key.PrivatePem));
        Assert.That(credentials.KnownHosts(Plan("keys/app", "keys/known")), Is.EqualTo($"git.example.com {key.PublicLine}\n"));
    }

    [Test]
    public void What_cannot_be_used_is_said_once_without_its_content()
    {
        using var folder = new TemporaryFolder();
        Write(folder, "bottles/k", "canary-7f3a");
        Write(folder, "bottles/empty", "\n");
        var problems = new GitCredentials(folder.Path).Problems([Remote("k", "empty"), Remote("k", "missing"), Remote("/etc", "empty")]);
        Assert.That(problems.Select(p => $"{p.File}: {p.Reason}"), Is.EqualTo(["k: it is no private key", "empty: it holds no key", "missing: it does not exist", "/etc: it cannot be read"]));
    }

    [Test]
    public void A_known_hosts_file_must_hold_a_key_of_the_upstream_as_inline_lines_must()
    {
        using var folder = new TemporaryFolder();
        using var key = new SshKey();
        Write(folder, "bottles/k", key.PrivatePem);
        Write(folder, "bottles/other", $"elsewhere.example.com {key.PublicLine}");
        Assert.That(new GitCredentials(folder.Path).Problems([Remote("k", "other")]).Single().Reason, Is.EqualTo("it holds no key of git.example.com"));
    }

    [Test]
    public void A_key_that_is_gone_at_launch_is_an_error_with_the_manifests_line()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<BottleException>(() => new GitCredentials(folder.Path).Key(Plan("k", "h")))!.Diagnostics[0];
        Assert.That((error.Code, error.Where!.File, error.Where.Line), Is.EqualTo(("BTL5105", "bottles/dev.md", 7)));
    }

    [TestCase("none", null)]
    [TestCase("aes256-ctr", "it has a passphrase")]
    public void The_cipher_of_an_OpenSSH_key_tells_whether_it_has_a_passphrase(string cipher, string? problem)
    {
        byte[] body = [.. "openssh-key-v1\0"u8, 0, 0, 0, (byte)cipher.Length, .. Encoding.ASCII.GetBytes(cipher), .. new byte[90]];
        var lines = string.Join('\n', Convert.ToBase64String(body).Chunk(70).Select(chunk => new string(chunk)));
        Assert.That(GitCredentials.KeyProblem($"-----BEGIN OPENSSH {"PRIVATE"} KEY-----\n{lines}\n-----END OPENSSH {"PRIVATE"} KEY-----\n"), Is.EqualTo(problem));
    }

    [TestCase("-----BEGIN ENCRYPTED {0} KEY-----\nAAAA\n-----END ENCRYPTED {0} KEY-----\n", "it has a passphrase")]
    [TestCase("-----BEGIN RSA {0} KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA {0} KEY-----\n", "it has a passphrase")]
    [TestCase("-----BEGIN OPENSSH {0} KEY-----\nAAAA\n-----END OPENSSH {0} KEY-----\n", "it is no private key")]
    [TestCase("ssh-ed25519 AAAA comment\n", "it is no private key")]
    [TestCase("-----BEGIN RSA {0} KEY-----\nAAAA\n-----END RSA {0} KEY-----\n", null)]
    public void Keys_of_other_forms_are_judged_by_their_armour(string text, string? problem) =>
        Assert.That(GitCredentials.KeyProblem(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, "PRIVATE")), Is.EqualTo(problem));

    private static void Write(TemporaryFolder folder, string path, string text)
    {
        var full = Path.Combine(folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    private static GitRemoteManifest Remote(string key, string hosts) => new()
    {
        Name = new Located<string>("app", Where),
        Upstream = new Located<SshUpstream>(new SshUpstream("git", "git.example.com", 22, "/app"), Where),
        IdentityFile = new Located<string>(key, Where),
        KnownHosts = new KnownHostsManifest(null, hosts, Where),
        Where = Where,
    };

    private static GitRemotePlan Plan(string key, string hosts) => new()
    {
        Name = "app",
        Upstream = new SshUpstream("git", "git.example.com", 22, "/app"),
        IdentityFile = key,
        KnownHostsFile = hosts,
        Push = new PushPolicy(),
        Scan = new ScanPolicy(),
        Source = "bottles/dev.md:7",
    };
}
