using Bottle.Core.Manifests;
using NUnit.Framework;

namespace Bottle.Core.Tests.Manifests;

[Parallelizable(ParallelScope.All)]
public sealed class GitManifestTests
{
    private const string HostKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOQBGeVJn0ndT2ltvOwFlafY5bDuqqVwNl0GW/wCjj20";

    [Test]
    public void What_is_left_out_has_the_safe_default()
    {
        var remote = Remote("name: app, upstream: \"git@git.example.com:team/app.git\", identity_file: ~/.ssh/k, known_hosts: keys/known");
        Assert.That(remote.Upstream.Value.Url, Is.EqualTo("ssh://git@git.example.com:22/~/team/app.git"));
        Assert.That((remote.IdentityFile!.Value, remote.KnownHosts!.File, remote.KnownHosts.Text, remote.HostIp), Is.EqualTo(("~/.ssh/k", "keys/known", (string?)null, (Located<string>?)null)));
        Assert.That((remote.Push.Force, remote.Push.Delete, remote.Push.Tags, remote.Push.AllowCi, remote.Push.MaxSize), Is.EqualTo((false, false, false, false, 50_000_000L)));
        Assert.That(remote.Push.Branches, Is.EqualTo(["agent/*"]));
        Assert.That(remote.Push.Protected, Is.EqualTo(["main"]));
        Assert.That(remote.Scan.AllowFingerprints, Is.Empty);
    }

    [Test]
    public void A_policy_is_read_as_written()
    {
        var remote = Remote($"name: app, upstream: \"ssh://deploy@git.example.com:2222/app\", identity_file: k, known_hosts: \"[git.example.com]:2222 {HostKey}\", host_ip: 10.1.2.3, "
            + "push: {branches: [\"*\"], protected: [], force: true, delete: true, tags: true, max_size: 1GB, allow_ci: true}, scan: {allow_fingerprints: [\"0123456789abcdef\"]}");
        Assert.That(remote.Upstream.Value.Url, Is.EqualTo("ssh://deploy@git.example.com:2222/app"));
        Assert.That(remote.KnownHosts!.Text, Is.EqualTo($"[git.example.com]:2222 {HostKey}\n"));
        Assert.That(remote.HostIp!.Value, Is.EqualTo("10.1.2.3"));
        Assert.That((remote.Push.Force, remote.Push.Delete, remote.Push.Tags, remote.Push.AllowCi, remote.Push.MaxSize), Is.EqualTo((true, true, true, true, 1_000_000_000L)));
        Assert.That((remote.Push.Branches[0], remote.Push.Protected.Count, remote.Scan.AllowFingerprints[0]), Is.EqualTo(("*", 0, "0123456789abcdef")));
    }

    [Test]
    public void A_test_upstream_brings_its_own_keys()
    {
        var bottle = Bottle("git:\n  - {name: demo, upstream: \"git@git.demo.test:demo.git\"}\ntest_upstreams:\n  - {host: git.demo.test, image: bottle-demo-git-upstream}");
        Assert.That((bottle.Git[0].IdentityFile, bottle.Git[0].KnownHosts), Is.EqualTo(((Located<string>?)null, (KnownHostsManifest?)null)));
    }

    [TestCase("git.example.com", true)]
    [TestCase("GIT.example.com,192.0.2.7", true)]
    [TestCase("|1|hash=|of=", true)]
    [TestCase("*.example.com", true)]
    [TestCase("git.example.org", false)]
    [TestCase("[git.example.com]:2222", false)]
    public void Known_hosts_hold_a_key_of_the_upstream(string names, bool fits)
    {
        var result = ManifestReader.ReadBottle("bottles/dev.md", $"---\ngit:\n  - {{name: app, upstream: \"git@git.example.com:app\", identity_file: k, known_hosts: \"{names} {HostKey}\"}}\n---\n");
        Assert.That(result.Diagnostics.Select(d => d.Code), fits ? Is.Empty : Is.EqualTo(["BTL1804"]));
    }

    [Test]
    public void A_cache_that_outlives_runs_is_read() =>
        Assert.That(Bottle("git:\n  - {name: app, upstream: \"git@git.example.com:app\", identity_file: k, known_hosts: f, cache: true}").Git.Single().Cache);

    private static GitRemoteManifest Remote(string keys) => Bottle($"git:\n  - {{{keys}}}").Git.Single();

    private static BottleManifest Bottle(string yaml)
    {
        var result = ManifestReader.ReadBottle("bottles/dev.md", $"---\n{yaml}\n---\n");
        Assert.That(result.Diagnostics, Is.Empty);
        return result.Manifest!;
    }
}
