using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Bottle.Contracts.Git;
using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.Setup;

namespace Bottle.GitGate.Tests.Engine;

/// <summary>An ssh server, a git client and two networks without a way out, on a real engine. Gates are started between the two, one a test. Everything carries the label <c>bottle.test=git-gate</c> and goes away at the end.</summary>
internal sealed class Lab : IAsyncDisposable
{
    public const string Label = "bottle.test=git-gate";
    public const string UpstreamHost = "upstream.test";
    private readonly CommandRunner _runner = new();
    private readonly List<string> _containers = [];
    private readonly List<string> _networks = [];
    private int _count;

    private Lab() { }

    public string Name { get; } = "gg" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    public string Folder { get; } = Directory.CreateTempSubdirectory("bottle-git-gate-").FullName;

    public string Inside => $"{Name}-in";

    public string Outside => $"{Name}-out";

    public string Upstream => $"{Name}-upstream";

    public string Client => $"{Name}-client";

    public string GateImage { get; private set; } = "";

    public string PeerImage { get; private set; } = "";

    public static async Task<Lab> StartAsync()
    {
        var lab = new Lab();
        try
        {
            await lab.BuildAsync();
            await lab.RunAsync("chmod", "755", lab.Folder);
            await lab.NetworkAsync(lab.Inside);
            await lab.NetworkAsync(lab.Outside);
            await lab.DockerAsync("run", "--rm", "--label", Label, "--network", "none", "-v", $"{lab.Folder}:/k", lab.PeerImage, "sh", "-c",
                "for key in deploy hostkey stranger; do ssh-keygen -q -t ed25519 -N '' -f /k/$key; done; chmod 644 /k/*");
            await lab.ContainerAsync(lab.Upstream, ["--network", lab.Outside, "--network-alias", UpstreamHost, "-v", $"{lab.Folder}:/k:ro", lab.PeerImage, "upstream"]);
            await lab.EventuallyListensAsync(lab.Upstream, 22);
            await lab.ContainerAsync(lab.Client, ["--network", lab.Inside, "--tmpfs", "/w:exec,mode=1777,size=1g", lab.PeerImage, "sleep", "infinity"]);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new, empty upstream repository and a gate in front of it.</summary>
    public Task<GateUnderTest> GateAsync(PushPolicy? push = null, ScanPolicy? scan = null, GateOptions? options = null) =>
        GateUnderTest.StartAsync(this, push ?? new PushPolicy(), scan ?? new ScanPolicy(), options ?? new GateOptions(), NextName());

    public string NextName() => "r" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);

    public Task<CommandResult> RunAsync(string program, params IEnumerable<string> arguments) => _runner.RunAsync(new Command(program, arguments));

    public async Task<string> DockerAsync(params IEnumerable<string> arguments)
    {
        var result = await RunAsync("docker", arguments);
        return result.Succeeded ? result.Output : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {result.Error}");
    }

    public async Task ContainerAsync(string name, IEnumerable<string> arguments)
    {
        _containers.Add(name);
        await DockerAsync(["run", "--detach", "--init", "--name", name, "--label", Label, .. arguments]);
    }

    /// <summary>Waits until something in a container of the peer's image listens on a port.</summary>
    public Task EventuallyListensAsync(string container, int port) =>
        GateUnderTest.EventuallyAsync(async () => (await RunAsync("docker", "exec", container, "nc", "-z", "127.0.0.1", port.ToString(CultureInfo.InvariantCulture))).Succeeded, $"{container} listens on {port}");

    public async Task RemoveAsync(string container)
    {
        await RunAsync("docker", "rm", "--force", "--volumes", container);
        _containers.Remove(container);
    }

    /// <summary>Runs a bash script in a container; both outputs in one, in the order written.</summary>
    public async Task<Spoken> ShellAsync(string container, string user, string folder, string script, IEnumerable<string>? environment = null)
    {
        var variables = (environment ?? []).SelectMany(variable => new[] { "--env", variable });
        var text = System.Text.Encoding.UTF8.GetBytes("exec 2>&1\n" + script + "\n");
        var result = await _runner.RunAsync(new Command("docker", ["exec", "-i", "--user", user, "--workdir", folder, .. variables, container, "bash", "-s"]) { StandardInput = text });
        return new Spoken(result.ExitCode, result.Output + result.Error);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var container in _containers.ToArray())
        {
            await RemoveAsync(container);
        }
        foreach (var network in _networks)
        {
            await RunAsync("docker", "network", "rm", network);
        }
        // The key folders belong to other users.
        Directory.Delete(Folder, recursive: true);
    }

    private async Task NetworkAsync(string name)
    {
        _networks.Add(name);
        await DockerAsync("network", "create", "--internal", "--label", Label, "--opt", "com.docker.network.bridge.inhibit_ipv4=true", name);
    }

    private async Task BuildAsync()
    {
        var repository = Path.GetFullPath(typeof(Lab).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "Repository").Value!);
        var peer = Path.Combine(repository, "tests", "Bottle.GitGate.Tests", "Peer");
        var catalogue = new ImageCatalogue(repository);
        var said = new List<string>();
        var context = new SetupContext { MayInstall = true, CommandLine = "dotnet test", Say = line => { lock (said) { said.Add(line); } } };
        var recipe = new ImageRecipe { Role = "test-git-peer", Dockerfile = Path.Combine(peer, "Dockerfile"), Context = peer, UsesBase = true, Hash = HashOf(peer, catalogue.Base.Tag) };
        var images = await new ImageBuilder(_runner, catalogue, new ImagePuller(_runner, context.Say), context).EnsureAsync([catalogue.GitGate, recipe]);
        (GateImage, PeerImage) = (images[0].Tag, images[1].Tag);
    }

    private static string HashOf(string folder, string baseTag)
    {
        var bytes = Directory.GetFiles(folder).Order(StringComparer.Ordinal).SelectMany(File.ReadAllBytes).Concat(System.Text.Encoding.UTF8.GetBytes(baseTag)).ToArray();
        return Convert.ToHexStringLower(SHA256.HashData(bytes))[..12];
    }
}
