using Bottle.Contracts.Git;
using Bottle.Testing;

namespace Bottle.GitGate.Tests.Engine;

[RequiresEngine]
[Parallelizable(ParallelScope.All)]
public sealed class ServingTests
{
    [Test]
    public async Task Clone_commit_push_and_fetch_work_and_both_sides_agree()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        var said = await gate.ClientDoesAsync("cd w; echo more >> readme; git commit -qam more; git push origin HEAD; git fetch; git pull -q --rebase origin main");
        Assert.That(said, Does.Contain("upstream accepted"));
        Assert.That(await gate.UpstreamRefsAsync(), Does.Contain("refs/heads/agent/work"));
        await gate.AssertInStepAsync();
        await gate.EventuallyLogsAsync(line => (string?)line["event"] == "push" && (string?)line["decision"] == "accepted", "the push");
    }

    [Test]
    public async Task Any_user_id_runs_the_gate_and_its_key_stays_inside()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync(options: new GateOptions { User = "4242:4343" });
        await gate.SeedAsync();
        await gate.ClientDoesAsync("cd w; git commit -q --allow-empty -m c; git push origin HEAD");
        Assert.That(await lab.DockerAsync("exec", gate.Container, "id"), Does.StartWith("uid=4242(gate) gid=4343"));
        var key = (await File.ReadAllTextAsync(Path.Combine(lab.Folder, "deploy"))).Split('\n')[1];
        Assert.That(await gate.LogTextAsync() + await lab.DockerAsync("inspect", gate.Container), Does.Not.Contain(key));
    }

    [Test]
    public async Task A_gate_with_a_missing_key_does_not_start_and_says_why()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync();
        await lab.DockerAsync("run", "--rm", "--label", Lab.Label, "--network", "none", "-v", $"{lab.Folder}/{gate.Repository}:/k", lab.PeerImage, "rm", $"/k/keys/{gate.Repository}");
        await lab.DockerAsync("restart", gate.Container);
        await GateUnderTest.EventuallyAsync(async () => (await lab.DockerAsync("inspect", "--format", "{{.State.ExitCode}}", gate.Container)).Trim() == "78", "the gate ends with 78");
        await GateUnderTest.EventuallyAsync(async () => (await gate.LogTextAsync()).Contains($"/run/git-gate/keys/{gate.Repository}: not there", StringComparison.Ordinal), "the gate says why");
    }

    [Test]
    public async Task Upstream_is_reached_through_a_CONNECT_proxy_and_a_host_that_it_refuses_is_not()
    {
        var lab = await LabFixture.Lab;
        var proxy = $"{lab.Name}-proxy";
        await lab.ContainerAsync(proxy, ["--network", lab.Inside, lab.PeerImage, "proxy", Lab.UpstreamHost]);
        await lab.DockerAsync("network", "connect", lab.Outside, proxy);
        await lab.EventuallyListensAsync(proxy, 8888);
        await using var gate = await lab.GateAsync(options: new GateOptions { InsideOnly = true, Proxy = $"http://{proxy}:8888" });
        await gate.SeedAsync();
        await gate.ClientDoesAsync("cd w; head -c 3000000 /dev/urandom > f; git add .; git commit -qm c; git push origin HEAD; git fetch");
        await gate.AssertInStepAsync();
        await using var other = await lab.GateAsync(options: new GateOptions { InsideOnly = true, Proxy = $"http://{proxy}:8888", UpstreamHost = "elsewhere.test" });
        Assert.That((await other.ClientAsync("git ls-remote $URL")).Text, Does.Contain("BTL6422").And.Contain("the firewall refused the connection"));
    }

    [Test]
    public async Task Introspection_says_what_is_served_and_when_upstream_was_read()
    {
        var lab = await LabFixture.Lab;
        await using var gate = await lab.GateAsync();
        await gate.SeedAsync();
        Assert.That(await lab.DockerAsync("exec", gate.Container, "git-gate", "introspect"), Does.Contain($"\"name\":\"{gate.Repository}\"").And.Contain("\"trouble\":null").And.Contain("\"last_read\":\"20"));
    }

    [TestCase("git-upload-pack /../../etc.git", "BTL6420")]
    [TestCase("git-upload-pack /REPO.git/../REPO.git", "BTL6420")]
    [TestCase("git-upload-pack /run/git-gate/keys", "BTL6420")]
    [TestCase("git-upload-pack REPO.git", "BTL6420")]
    [TestCase("git-upload-pack --upload-pack=x", "BTL6420")]
    [TestCase("git-upload-archive /REPO.git", "BTL6421")]
    [TestCase("--exec /REPO.git", "BTL6421")]
    [TestCase("git-upload-pack /REPO.git\\nx", "BTL6424")]
    [TestCase("nonsense", "BTL6424")]
    public async Task A_request_that_is_not_exactly_a_declared_one_is_refused(string request, string code)
    {
        var gate = await SharedGateAsync();
        var script = $"""
            python3 - <<'X'
            import socket
            r = '{request.Replace("REPO", gate.Repository, StringComparison.Ordinal)}\0host=canary.outside.test\0'.encode()
            s = socket.create_connection(('{gate.Container}', 9418)); s.sendall(b'%04x' % (len(r) + 4) + r); print(s.recv(4096))
            X
            """;
        Assert.That((await gate.ClientAsync(script)).Text, Does.Contain("ERR bottle: " + code));
    }

    [TestCase("GET / HTTP/1.1\\r\\n\\r\\n")]
    [TestCase("ffffgit-upload-pack /x.git\\0")]
    [TestCase("0000")]
    [TestCase("zzzz")]
    public async Task Bytes_that_are_not_gits_get_a_refusal(string bytes)
    {
        var gate = await SharedGateAsync();
        Assert.That((await gate.ClientAsync($"printf '{bytes}' | nc -N {gate.Container} 9418")).Text, Does.Contain("BTL6424"));
    }

    // A refusal is decided on the first bytes. What comes after them must not make the kernel reset the connection and throw the refusal away.
    [Test]
    public async Task A_refusal_arrives_also_when_the_client_goes_on_sending()
    {
        var gate = await SharedGateAsync();
        var script = $"""
            python3 - <<'X'
            import socket
            for i in range(200):
                s = socket.create_connection(('{gate.Container}', 9418)); s.sendall(b'GET '); s.sendall(b'/ HTTP/1.1\r\n')
                for _ in range(20): s.sendall(b'x' * 5000)
                s.shutdown(socket.SHUT_WR)
                said = b''
                while part := s.recv(4096): said += part
                assert b'BTL6424' in said, i
            print('all', i + 1)
            X
            """;
        Assert.That((await gate.ClientAsync(script)).Text, Does.EndWith("all 200\n"));
    }

    [Test]
    public async Task Shallow_and_partial_clones_work_and_push()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync("for i in 1 2 3; do echo $i > f; git add -A; git commit -qm $i; done");
        await gate.ClientDoesAsync("""
            git clone -q --depth 1 $URL s; cd s; [ "$(git rev-list --count HEAD)" = 1 ]; git commit -q --allow-empty -m s; git push -q origin HEAD:agent/s; git fetch -q --unshallow; cd ..
            git clone -q --filter=blob:none --no-checkout $URL p; cd p; git rev-list --objects --missing=print HEAD | grep -q '^?'; git checkout -q main; cat readme; echo p > p; git add .; git commit -qm p; git push -q origin HEAD:agent/p
            """);
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task A_submodule_behind_the_same_gate_is_cloned_with_its_parent()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        // The manifest's insteadOf turns upstream's URL, also the one in .gitmodules, into the gate's.
        var url = $"ssh://git@{Lab.UpstreamHost}/srv/git/{gate.Repository}.git";
        await gate.UpstreamDoesAsync($"""
            cd /tmp/seed-{gate.Repository}; printf '[submodule "s"]\n\tpath = s\n\turl = {url}\n' > .gitmodules
            git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),s; git add .gitmodules; git commit -qm sub; git push -q origin main
            """);
        await gate.ClientDoesAsync($"git config --global url.$URL.insteadOf {url}; git clone -q --recurse-submodules {url} m; cat m/s/readme");
    }

    [Test]
    public async Task Every_spelling_of_the_upstream_ends_at_the_gate()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        Assert.That(SshUpstream.TryParse($"ssh://git@{Lab.UpstreamHost}/srv/git/{gate.Repository}.git", out var upstream, out _));
        var settings = string.Concat(upstream!.Spellings.Select(spelling => $"git config --global --add url.$URL.insteadOf '{spelling}'\n"));
        var reads = string.Concat(upstream.Spellings.Select(spelling => $"git ls-remote '{spelling}' | grep -c refs/heads/main\n"));
        var said = await gate.ClientDoesAsync(settings + reads);
        Assert.That(said.Split('\n').Count(line => line == "1"), Is.EqualTo(upstream.Spellings.Count), said);
    }

    [Test]
    public async Task Ten_thousand_objects_pass_and_one_secret_among_them_does_not()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync();
        await gate.SeedAsync();
        const string Many = "cd w; mkdir -p m; for i in $(seq 10000); do echo \"file $i says nothing\" > m/$i; done;";
        await gate.AssertRefusedAsync(Many + "echo $K > m/7777; git add .; git commit -qm many; git push origin HEAD", "BTL6412");
        await gate.ClientDoesAsync("cd w; echo harmless > m/7777; git commit -q --amend -a -m many; git push origin HEAD");
        await gate.AssertInStepAsync();
    }

    [Test]
    public async Task A_file_of_100_MB_is_served_and_with_leave_pushed()
    {
        await using var gate = await (await LabFixture.Lab).GateAsync(new PushPolicy { MaxSize = 200_000_000 }, options: new GateOptions { Memory = "1g" });
        await gate.SeedAsync("head -c 100000000 /dev/urandom > big");
        await gate.ClientDoesAsync("cd w; [ $(stat -c %s big) = 100000000 ]; head -c 100000000 /dev/urandom > big2; git add .; git commit -qm big; git push origin HEAD");
        await gate.AssertInStepAsync();
        await gate.AssertRefusedAsync("cd w; rm -rf ../w/big; (yes 'a line of a large file' | head -c 100000000; echo; echo $K) > text; git add .; git commit -qm big; git push origin HEAD", "BTL6412");
    }

    private static readonly SemaphoreSlim Once = new(1, 1);
    private static GateUnderTest? _shared;

    // Requests that never reach a repository share one gate.
    private static async Task<GateUnderTest> SharedGateAsync()
    {
        await Once.WaitAsync();
        try
        {
            return _shared ??= await (await LabFixture.Lab).GateAsync();
        }
        finally
        {
            Once.Release();
        }
    }
}
