using System.Diagnostics;
using System.Text.Json.Nodes;
using Bottle.Contracts.Git;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>One gate in a hardened container, one repository behind it, and a client folder in front.</summary>
internal sealed class GateUnderTest : IAsyncDisposable
{
    /// <summary>Looks like a cloud provider's key; put together here, so that this file holds none.</summary>
    public static readonly string Secret = string.Concat("AKIA", "IOSFODNN7", "EXAMPL2");

    private readonly Lab _lab;
    private readonly GateOptions _options;

    private string _home;

    private GateUnderTest(Lab lab, GateOptions options, string repository)
    {
        _home = $"/w/{repository}";
        _lab = lab;
        _options = options;
        Repository = repository;
    }

    public string Repository { get; }

    public string Container => $"{_lab.Name}-gate-{Repository}";

    public string Url => $"git://{Container}/{Repository}.git";

    public string? CacheFolder => _options.CacheFolder;

    public string Bare => $"/srv/git/{Repository}.git";

    private string Files => Path.Combine(_lab.Folder, Repository);

    public static async Task<GateUnderTest> StartAsync(Lab lab, PushPolicy push, ScanPolicy scan, GateOptions options, string repository)
    {
        var gate = new GateUnderTest(lab, options, repository);
        var made = await lab.ShellAsync(lab.Upstream, "git", "/srv/git", $"git init -q --bare -b main {repository}.git && git -C {repository}.git config uploadpack.allowFilter true && git -C {repository}.git config uploadpack.allowAnySHA1InWant true");
        Assert.That(made.Succeeded, made.Text);
        Directory.CreateDirectory($"{gate.Files}/etc/known_hosts");
        Directory.CreateDirectory($"{gate.Files}/keys");
        var file = new GateFile { Repositories = [new GateRepository { Name = repository, Upstream = $"ssh://git@{options.UpstreamHost}/srv/git/{repository}.git", Push = push, Scan = scan }] };
        await File.WriteAllTextAsync($"{gate.Files}/etc/gate.json", GateFileFormat.Write(file));
        var pinned = string.Join(' ', (await File.ReadAllTextAsync(Path.Combine(lab.Folder, options.PinnedKey + ".pub"))).Split(' ')[..2]);
        await File.WriteAllTextAsync($"{gate.Files}/etc/known_hosts/{repository}", $"{options.UpstreamHost} {pinned}\n");
        File.Copy(Path.Combine(lab.Folder, options.Key), $"{gate.Files}/keys/{repository}");
        await lab.DockerAsync("run", "--rm", "--label", Lab.Label, "--network", "none", "-v", $"{gate.Files}:/k", lab.PeerImage, "sh", "-c", $"chmod 600 /k/keys/*; chown -R {options.User} /k/keys");
        await gate.RunAsync();
        return gate;
    }

    /// <summary>The same gate with another client folder, cloned as <see cref="SeedAsync"/> leaves it: for tests whose pushes all fail.</summary>
    public async Task<GateUnderTest> ForAnotherClientAsync()
    {
        var other = new GateUnderTest(_lab, _options, Repository) { _home = $"/w/{_lab.NextName()}" };
        await other.ClientDoesAsync("git clone -q $URL w; cd w; git checkout -q -b agent/work");
        return other;
    }

    public async Task RunAsync()
    {
        var network = _options.InsideOnly ? [] : new[] { _lab.Outside };
        string[] storage = _options.CacheFolder is { } folder ? ["-v", $"{folder}:/srv/git"] : ["--tmpfs", $"/srv/git:size={_options.Room},mode=0700,uid={_options.User.Split(':')[0]},gid={_options.User.Split(':')[1]}"];
        string[] proxy = _options.Proxy is { } address ? ["--env", $"GIT_GATE_UPSTREAM_PROXY={address}"] : [];
        await _lab.ContainerAsync(Container,
        [
            "--network", _lab.Inside, "--user", _options.User, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true", "--pids-limit", "512", "--memory", _options.Memory, "--memory-swap", _options.Memory,
            "--tmpfs", "/tmp:size=256m,mode=1777", .. storage, .. proxy, "-v", $"{Files}/etc:/etc/git-gate:ro", "-v", $"{Files}/keys:/run/git-gate/keys:ro", _lab.GateImage,
        ]);
        foreach (var more in network)
        {
            await _lab.DockerAsync("network", "connect", more, Container);
        }
        await EventuallyAsync(async () => (await _lab.RunAsync("docker", "exec", Container, "git-gate", "healthcheck")).Succeeded, "the gate is healthy");
    }

    /// <summary>Runs a script in the client's folder of this test; <c>$URL</c> is the gate's, and the client knows nothing else.</summary>
    public async Task<Spoken> ClientAsync(string script)
    {
        var home = _home;
        string[] environment = [$"URL={Url}", $"K={Secret}", $"HOME={home}", "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@agent.test", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@agent.test", "GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=init.defaultBranch", "GIT_CONFIG_VALUE_0=main", "GIT_CONFIG_KEY_1=advice.detachedHead", "GIT_CONFIG_VALUE_1=false"];
        return await _lab.ShellAsync(_lab.Client, "git", "/w", $"mkdir -p {home} && cd {home}\n{script}", environment);
    }

    /// <summary>A client script that must end well.</summary>
    public async Task<string> ClientDoesAsync(string script)
    {
        var spoken = await ClientAsync("set -e\n" + script);
        Assert.That(spoken.Succeeded, spoken.Text);
        return spoken.Text;
    }

    /// <summary>Runs a script as the upstream's user in the bare repository, and must end well.</summary>
    public async Task<string> UpstreamDoesAsync(string script)
    {
        var spoken = await _lab.ShellAsync(_lab.Upstream, "git", Bare, "set -e\n" + script);
        Assert.That(spoken.Succeeded, spoken.Text);
        return spoken.Text;
    }

    /// <summary>Upstream stops in the middle of every push until <see cref="LetUpstreamGoOnAsync"/>.</summary>
    public Task<string> StopUpstreamInPushesAsync() => UpstreamDoesAsync("printf '#!/bin/sh\\ntouch started; until [ -e go ]; do sleep 0.1; done\\n' > hooks/pre-receive; chmod 755 hooks/pre-receive");

    /// <summary>Waits until a push has come to the point at which upstream stops.</summary>
    public Task PushHasReachedUpstreamAsync() => EventuallyAsync(async () => (await UpstreamDoesAsync("ls")).Contains("started", StringComparison.Ordinal), "upstream has the push");

    /// <summary>Lets stopped pushes go on and waits until none is left upstream.</summary>
    public async Task LetUpstreamGoOnAsync()
    {
        await UpstreamDoesAsync("touch go");
        await EventuallyAsync(async () => !(await UpstreamDoesAsync("for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null; done || true")).Contains($"receive-pack {Bare}", StringComparison.Ordinal), "upstream's receive-pack has ended");
    }

    /// <summary>A working copy <c>w</c> with one commit, pushed to main upstream past the gate, checked out on <c>agent/work</c>.</summary>
    public async Task SeedAsync(string more = "")
    {
        await UpstreamDoesAsync($"""
            rm -rf /tmp/seed-{Repository}; git clone -q {Bare} /tmp/seed-{Repository} 2>/dev/null; cd /tmp/seed-{Repository}
            git config user.name up; git config user.email up@upstream.test; git checkout -q -B main
            echo first > readme; {more}
            git add -A; git commit -q --allow-empty -m first; git push -q origin main
            """);
        await ClientDoesAsync("git clone -q $URL w; cd w; git checkout -q -b agent/work");
    }

    public async Task<string> UpstreamRefsAsync() => await UpstreamDoesAsync("git for-each-ref --format='%(objectname) %(refname)'");

    public async Task<string> GateRefsAsync() => await _lab.DockerAsync("exec", Container, "git", $"--git-dir={Bare}", "for-each-ref", "--format=%(objectname) %(refname)");

    /// <summary>Both sides have the same refs.</summary>
    public async Task AssertInStepAsync() => Assert.That(await GateRefsAsync(), Is.EqualTo(await UpstreamRefsAsync()));

    /// <summary>The gate's log as JSON, one object a line.</summary>
    public async Task<IReadOnlyList<JsonObject>> LogAsync() =>
        [.. (await LogTextAsync()).Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The engine writes what a container says a little later: waits until a line of the log holds.</summary>
    public Task EventuallyLogsAsync(Func<JsonObject, bool> holds, string what) => EventuallyAsync(async () => (await LogAsync()).Any(holds), $"a line of the log: {what}");

    public async Task<string> LogTextAsync()
    {
        var result = await _lab.RunAsync("docker", "logs", Container);
        return result.Output + result.Error;
    }

    /// <summary>A push is refused for a code, and neither side moved.</summary>
    public async Task<string> AssertRefusedAsync(string script, string code)
    {
        var before = await UpstreamRefsAsync();
        var spoken = await ClientAsync(script);
        Assert.That(spoken.Succeeded, Is.False, spoken.Text);
        Assert.That(spoken.Text, Does.Contain(code));
        Assert.That(await UpstreamRefsAsync(), Is.EqualTo(before), "upstream did not move");
        Assert.That(await GateRefsAsync(), Is.EqualTo(before), "the gate did not move");
        await EventuallyLogsAsync(line => line.ToJsonString().Contains(code, StringComparison.Ordinal), code);
        return spoken.Text;
    }

    /// <summary>Waits for a condition; the limit is there so that a test that can never pass ends, not to measure anything.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(3);)
        {
            if (await holds())
            {
                return;
            }
            await Task.Delay(100);
        }
        Assert.Fail($"never: {what}");
    }

    public async ValueTask DisposeAsync() => await _lab.RemoveAsync(Container);
}
