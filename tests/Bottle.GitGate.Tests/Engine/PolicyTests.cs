using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class PolicyTests
{
    private static readonly (string Name, string Script, string Code)[] RefusedByDefault =
    [
        ("protected branch", "git commit -q --allow-empty -m c; git push origin HEAD:main", "BTL6405"),
        ("branch that no pattern allows", "git commit -q --allow-empty -m c; git push origin HEAD:feature", "BTL6404"),
        ("force", "git commit -q --allow-empty -m c; git push -q origin HEAD; git commit -q --amend --allow-empty -m d; git push --force origin HEAD", "BTL6406"),
        ("delete", "git push -q origin HEAD; git push origin :agent/work", "BTL6407"),
        ("tag", "git tag v1; git push origin v1", "BTL6408"),
        ("replace", "git replace -f HEAD $(git commit-tree -m x HEAD^{tree}); git push origin 'refs/replace/*'", "BTL6401"),
        ("notes", "git notes add -m x; git push origin refs/notes/commits", "BTL6401"),
        ("any other namespace", "git push origin HEAD:refs/foo/bar", "BTL6401"),
        ("hundreds of refs", "for i in $(seq 300); do git branch agent/$i; done; git push origin 'refs/heads/agent/*'", "BTL6403"),
        ("mirror, which deletes", "git push --mirror origin", "BTL6401"),
        ("name that begins with a dash", "git push origin HEAD:refs/heads/agent/-x", "BTL6402"),
        ("name that reorders text", "git push origin HEAD:$(printf 'refs/heads/agent/a\\xe2\\x80\\xaeb')", "BTL6402"),
        ("CI workflow", "mkdir -p .github/workflows; echo 'on: push' > .github/workflows/x.yml; git add .; git commit -qm c; git push origin HEAD", "BTL6410"),
        ("CI workflow in a middle commit", "mkdir -p .GitHub/Workflows; echo 'on: push' > .GitHub/Workflows/x.yml; git add .; git commit -qm c; git rm -qr .GitHub; git commit -qm d; git push origin HEAD", "BTL6410"),
        ("CI workflow in a merge", "git checkout -q -b x; git commit -q --allow-empty -m x; git checkout -q agent/work; git commit -q --allow-empty -m y; git merge -q --no-commit --no-ff x >/dev/null; echo x > .gitlab-ci.yml; git add .; git commit -qm m; git push origin HEAD", "BTL6410"),
        (".gitmodules", "printf '[submodule \"s\"]\\n\\tpath = s\\n\\turl = ../s.git\\n' > .gitmodules; git add .; git commit -qm c; git push origin HEAD", "BTL6410"),
        ("install hook of a package", "echo '{\"scripts\":{\"postinstall\":\"x\"}}' > package.json; git add .; git commit -qm c; git push origin HEAD", "BTL6410"),
        ("LFS pointer", "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:%064d\\nsize 5\\n' 0 > big; git add .; git commit -qm c; git push origin HEAD", "BTL6411"),
        (".git in a tree", "b=$(echo x | git hash-object -w --stdin); t=$(printf \"100644 blob $b\\tconfig\\n\" | git mktree); r=$(printf \"040000 tree $t\\t.git\\n\" | git mktree); git push origin $(git commit-tree -m x $r):refs/heads/agent/x", "hasDotgit"),
    ];

    private static IEnumerable<TestCaseData> Cases => RefusedByDefault.Select(refused => new TestCaseData(refused.Script, refused.Code).SetArgDisplayNames(refused.Name));

    [TestCaseSource(nameof(Cases))]
    public async Task The_default_policy_refuses(string script, string code)
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        var spoken = await gate.ClientAsync("cd w; " + script);
        Assert.That(spoken.Succeeded, Is.False, spoken.Text);
        Assert.That(spoken.Text, Does.Contain(code));
        await gate.AssertInStepAsync();
        var refs = await gate.UpstreamRefsAsync();
        Assert.That(refs, Does.Not.Match("refs/(replace|notes|tags|foo)|agent/[-x0-9]|feature"));
    }

    [Test]
    public async Task What_the_manifest_allows_passes()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(new PushPolicy { Branches = ["*"], Protected = [], Force = true, Delete = true, Tags = true, AllowCi = true });
        await gate.SeedAsync();
        await gate.ClientDoesAsync("""
            cd w; mkdir -p .github/workflows; echo 'on: push' > .github/workflows/x.yml; git add .; git commit -qm c; git push origin HEAD HEAD:feature/a/b
            git tag v1; git tag -a -m note v2; git push origin v1 v2
            git commit -q --amend -m d; git push --force-with-lease origin HEAD; git tag -f v1; git push --force origin v1
            git push origin :feature/a/b :v2
            """);
        await gate.AssertInStepAsync();
        Assert.That(await gate.UpstreamRefsAsync(), Does.Contain("refs/tags/v1").And.Not.Contain("feature").And.Not.Contain("v2"));
    }

    [Test]
    public async Task A_package_file_without_install_hooks_passes_and_so_does_a_merge_of_upstreams_own_workflows()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync("echo '{\"name\":\"x\",\"scripts\":{\"postinstall\":\"old\"}}' > package.json");
        await gate.ClientDoesAsync("cd w; echo '{\"name\":\"x\",\"dependencies\":{\"y\":\"1\"},\"scripts\":{\"test\":\"z\",\"postinstall\":\"old\"}}' > package.json; git commit -qam c; git push origin HEAD");
        await gate.UpstreamDoesAsync($"cd /tmp/seed-{gate.Repository}; mkdir -p .github/workflows; echo a > .github/workflows/a.yml; git add .; git commit -qm ci; git push -q origin main");
        await gate.ClientDoesAsync("cd w; git fetch -q; git merge -q -m m origin/main; git push origin HEAD");
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task A_push_over_max_size_is_refused_while_it_arrives_and_a_bomb_after_it()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(new PushPolicy { MaxSize = 1_000_000 });
        await gate.SeedAsync();
        var said = await gate.AssertRefusedAsync("cd w; head -c 3000000 /dev/urandom > big; git add .; git commit -qm c; git push origin HEAD", "BTL6417");
        Assert.That(said, Does.Contain("remote: bottle: BTL6417: this push is larger than max_size (1000000 bytes)"));
        await gate.AssertRefusedAsync("cd w; git reset -q --hard HEAD~1; head -c 3000000 /dev/zero > big; git add .; git commit -qm c; git push origin HEAD", "BTL6409");
    }

    [Test]
    public async Task A_gate_whose_disk_is_nearly_full_takes_no_push_and_still_serves()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync(options: new GateOptions { Room = "50m" });
        await gate.SeedAsync();
        await lab.DockerAsync("exec", gate.Container, "sh", "-c", "head -c 49500000 /dev/zero > /srv/git/fill; while [ $(df --output=pcent /srv/git | tail -1 | tr -dc 0-9) -lt 99 ]; do head -c 100000 /dev/zero >> /srv/git/fill; done");
        await gate.AssertRefusedAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD", "BTL6419");
        await gate.ClientDoesAsync("cd w; git fetch -q origin");
        await lab.DockerAsync("exec", gate.Container, "rm", "/srv/git/fill");
        await gate.ClientDoesAsync("cd w; git push -q origin HEAD");
    }

    [Test]
    public async Task A_rewrite_passes_only_from_what_upstream_really_has()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(new PushPolicy { Force = true });
        await gate.SeedAsync();
        await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m a; git push -q origin HEAD");
        // Somebody else moves the branch upstream while the push is on its way: the pre-receive hook there comes too late, so the race is made before the gate's own push.
        await gate.UpstreamDoesAsync($"cd /tmp/seed-{gate.Repository}; git fetch -q; git checkout -q agent/work; git commit -q --allow-empty -m theirs; git push -q origin HEAD");
        var spoken = await gate.ClientAsync("cd w; git commit -q --amend --allow-empty -m b; git push --force-with-lease=agent/work:origin/agent/work origin HEAD");
        Assert.That(spoken.Succeeded, Is.False, spoken.Text);
        await gate.AssertInStepAsync();
    }
}
