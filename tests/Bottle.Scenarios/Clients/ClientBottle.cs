using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Scenarios.Clients;

/// <summary>One running bottle with the clients of Debian in the agent, and upstreams that the test made: each test looks at what the agent saw, what reached upstream, and what egress recorded.</summary>
internal sealed class ClientBottle : IDisposable
{
    internal const string Token = "token-of-the-scenario-1a5f";
    private const string Upstream = "bottle-test-clients-upstream";
    private const string Manifest = """
        provider: none
        egress:
          presets: [npm]
          routes:
            - {host: api.demo.test, methods: [GET, POST], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: "file:TOKEN"}}
            - {host: git.demo.test, methods: [GET, POST], path_allowlist: [/git/*], inspect: false}
            - {host: live.demo.test, methods: [GET], path_allowlist: [/v1/*], inspect: false, websocket: true}
        test_upstreams:
          - {host: api.demo.test, image: IMAGE}
          - {host: git.demo.test, image: IMAGE}
          - {host: live.demo.test, image: IMAGE}
          - {host: npm.demo.test, image: IMAGE}
        """;

    private static readonly CommandRunner Runner = new();
    private static readonly Dictionary<string, string> Registry = new() { ["npm_config_registry"] = "https://npm.demo.test/packages/" };
    private readonly BottleHomeFolder home = new();

    private ClientBottle() { }

    internal string Identity { get; private set; } = "";

    /// <summary>The host folder that egress reads its configuration from.</summary>
    internal string EgressFolder => Path.Combine(home.Home.State(Identity), StateLayout.EgressDirectory);

    internal static async Task<ClientBottle> StartAsync()
    {
        var bottle = new ClientBottle();
        await bottle.BuildAsync();
        var token = Path.Combine(bottle.home.Home.Root, "token");
        await File.WriteAllTextAsync(token, Token);
        bottle.Write(Manifest.Replace("TOKEN", token, StringComparison.Ordinal).Replace("IMAGE", Upstream, StringComparison.Ordinal));
        bottle.Identity = await bottle.RunAsync("--target=Prove", "--agent=clients", "--yes", "--setup", $"--allow-test-upstream={Upstream}");
        return bottle;
    }

    /// <summary>Takes the bottle away; what is left of it after that.</summary>
    internal async Task<IReadOnlyList<string>> StopAsync()
    {
        await RunAsync("--target=Cleanup", $"--bottle={Identity}");
        return await home.LeftAsync();
    }

    public void Dispose() => home.Dispose();

    internal string Container(string service) => new BottleNames(Identity).Container(service);

    /// <summary>A script in the agent with the environment that Bottle gave it, nothing else; both outputs together.</summary>
    internal async Task<(int Code, string Said)> AgentAsync(string script, string shell = "bash")
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var result = await BottleHomeFolder.Engine.ExecAsync(Container("agent"), [shell, shell == "bash" || shell == "python3" ? "-c" : "-e", script], cancellationToken: patience.Token);
        var said = result.Output + result.Error;
        TestContext.Out.WriteLine($"$ {shell}: {script}\n{said}");
        return (result.ExitCode, said);
    }

    /// <summary>Copies a program from an upstream's image into the agent's own temporary folder.</summary>
    internal async Task InstallAsync(string program, string target)
    {
        var copy = Path.Combine(home.Home.Root, "program");
        await DockerAsync("cp", $"{Container("upstream-1")}:{program}", copy);
        var installed = await BottleHomeFolder.Engine.ExecAsync(Container("agent"), ["sh", "-c", $"cat > {target} && chmod 700 {target}"], standardInput: await File.ReadAllBytesAsync(copy));
        Assert.That(installed.ExitCode, Is.Zero, installed.Error);
    }

    /// <summary>What an upstream of ours logged (its own record of what arrived).</summary>
    internal Task<string> UpstreamAsync(string host) => DockerAsync("logs", Container($"upstream-{Array.IndexOf(["api", "git", "live", "npm"], host.Split('.')[0]) + 1}"));

    /// <summary>The requests of egress's log that fit; waits for the first, because the line is written when the exchange has ended.</summary>
    internal async Task<IReadOnlyList<JsonElement>> RecordedAsync(Func<JsonElement, bool> wanted)
    {
        var log = Path.Combine(home.Home.State(Identity), StateLayout.RequestLog);
        for (var tries = 0; ; tries++)
        {
            var lines = (await File.ReadAllTextAsync(log)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line));
            var found = lines.Where(wanted).ToList();
            if (found.Count > 0 || tries == 50) return found;
            await Task.Delay(100);
        }
    }

    internal async Task<JsonElement> IntrospectAsync(params string[] question) =>
        JsonElement.Parse((await BottleHomeFolder.Engine.ExecAsync(Container("egress"), ["/egress", "introspect", .. question])).Output);

    /// <summary>Kills a sidecar's first process from outside, as a crash or the kernel would, not through the engine.</summary>
    internal async Task KillAsync(string service)
    {
        var process = (await DockerAsync("inspect", "--format", "{{.State.Pid}}", Container(service))).Trim();
        await Runner.RunCheckedAsync(new Command("kill", "-s", "KILL", process));
    }

    internal static async Task<string> DockerAsync(params string[] arguments)
    {
        var result = await Runner.RunCheckedAsync(new Command("docker", arguments));
        return result.Output + result.Error;
    }

    /// <summary>Gives egress another token, as a renewal on the host would.</summary>
    internal void WriteToken(string value) =>
        new TokenDirectory(home.Home, Identity).Write(new Dictionary<string, string> { ["EGRESS_TOKEN_0"] = value }, NativeOwner());

    private RunAs? NativeOwner() => Environment.IsPrivilegedProcess ? new RunAs(1000, 1000) : null;

    /// <summary>The images: those of any bottle by Bottle itself, then the upstream with git, which is made of two of them.</summary>
    private async Task BuildAsync()
    {
        Write("egress: {routes: [{host: api.demo.test}]}\ntest_upstreams: [{host: api.demo.test, image: bottle-demo-upstream}]");
        var identity = await RunAsync("--target=BuildImages", "--agent=clients", "--yes", "--setup");
        await RunAsync("--target=Cleanup", $"--bottle={identity}");
        var catalogue = new ImageCatalogue(Cake.Repository, [home.Home.Bottles]);
        await DockerAsync("build", "--quiet", "--tag", Upstream, "--label", "bottle.image=test-clients-upstream",
            "--build-arg", $"DEMO={catalogue.DemoUpstream.Tag}", "--build-arg", $"AGENT={catalogue.Agent("clients").Tag}", Path.Combine(Folder, "upstream"));
    }

    private static string Folder => Path.Combine(Cake.Repository, "tests", "Bottle.Scenarios", "Clients");

    private void Write(string manifest)
    {
        var root = home.Home.Bottles;
        var image = Directory.CreateDirectory(Path.Combine(root, "images", "clients")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "agents"));
        File.Copy(Path.Combine(Folder, "agent", "Dockerfile"), Path.Combine(image, "Dockerfile"), overwrite: true);
        File.WriteAllText(Path.Combine(root, "clients.md"), $"---\n{manifest}\n---\n");
        File.WriteAllText(Path.Combine(root, "agents", "clients.md"), "---\nbottle: clients\ncommand: ['true']\n---\n");
    }

    private async Task<string> RunAsync(params string[] arguments)
    {
        var (code, output, error) = await Cake.RunAsync(home, arguments, Registry);
        Assert.That(code, Is.Zero, output + error);
        return Regex.Match(output, "clients-[0-9a-z]{5}").Value;
    }
}
