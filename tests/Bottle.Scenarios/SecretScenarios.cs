using System.Text;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Scenarios;

/// <summary>A canary for every way a secret can come; while the bottle runs, and after it, each is looked for wherever it must not be (SPEC, attacks.md 20).</summary>
[RequiresEngine]
internal sealed class SecretScenarios
{
    private const string FromFile = "canary-file-6d1f0c8e2b7a";
    private const string FromCommand = "canary-command-93be51d07c44";
    private const string FromVariable = "canary-variable-5c2e7718fa09";
    private static readonly string[] Canaries = [FromFile, FromCommand, FromVariable];
    private static readonly CommandRunner Runner = new();

    [Test]
    public async Task A_token_is_nowhere_but_in_egress_and_its_0600_file()
    {
        using var home = new BottleHomeFolder();
        var token = Path.Combine(home.Home.Root, "token.txt");
        await File.WriteAllTextAsync(token, FromFile + "\n");
        // The command's own text would be a find, so it decodes the canary.
        var encoded = Convert.ToBase64String(Encoding.ASCII.GetBytes(FromCommand));
        home.WriteManifests("secrets", $$$"""
            egress:
              routes:
                - {host: one.demo.test, methods: [GET], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: "file:{{{token}}}"}}
                - {host: two.demo.test, methods: [GET], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: "command:[sh, -c, 'echo {{{encoded}}} | base64 -d']"}}
                - {host: three.demo.test, methods: [GET], path_allowlist: [/v1/*], auth: {scheme: Bearer, token_ref: BOTTLE_TEST_CANARY}}
            test_upstreams:
              - {host: one.demo.test, image: bottle-demo-upstream}
              - {host: two.demo.test, image: bottle-demo-upstream}
              - {host: three.demo.test, image: bottle-demo-upstream}
            """, "[bash, -c, 'for n in one two three; do curl --silent --show-error https://$n.demo.test/v1/whoami; echo; done; echo ready; sleep 300']");
        var variable = new Dictionary<string, string> { ["BOTTLE_TEST_CANARY"] = FromVariable };
        var (planned, plan, _) = await Cake.RunAsync(home, ["--target=Plan", "--agent=secrets", "--format=json", "--verbosity=quiet"], variable);
        Assert.That(planned, Is.Zero);

        using var cake = Cake.Start(home, ["--target=Start", "--agent=secrets", "--yes", "--setup"], variable);
        await cake.SawAsync("ready");
        var sources = new Dictionary<string, string> { ["plan"] = plan };
        foreach (var container in await BottleHomeFolder.Engine.ContainersAsync(home.Home.Hash))
        {
            sources[$"inspect {container.Name}"] = await CaptureAsync("docker", "inspect", container.Id);
            sources[$"logs {container.Name}"] = await CaptureAsync("docker", "logs", container.Id);
            sources[$"processes of {container.Name}"] = await CaptureAsync("docker", "top", container.Id, "-eo", "pid,args");
            sources[$"environments in {container.Name}"] = await EnvironmentsAsync(container.Id);
        }
        foreach (var (path, text) in Files(Path.Combine(home.Home.Root, "state"))) sources[$"state {path}"] = text;
        foreach (var (path, text) in CommandLines()) sources[path] = text;
        sources["output"] = cake.Output + cake.Error;
        AssertNoCanary(sources);
        // The search can find: the token file holds all three, 0600.
        var tokens = Directory.GetFiles(new TokenDirectory(home.Home, Identity(cake.Output)).FullPath, "*.json").Single();
        Assert.That(Canaries.All((await File.ReadAllTextAsync(tokens)).Contains), "the token file holds the three values");
        Assert.That(File.GetUnixFileMode(tokens), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));

        cake.Signal(System.Runtime.InteropServices.PosixSignal.SIGTERM);
        await cake.ExitAsync();
        var after = Files(home.Home.Root).Where(file => file.Path != token).ToDictionary(file => file.Path, file => file.Text);
        Assert.That(after, Is.Not.Empty);
        AssertNoCanary(after);
        Assert.That(await home.LeftAsync(), Is.Empty);
    }

    private static void AssertNoCanary(IReadOnlyDictionary<string, string> sources)
    {
        var hits = from source in sources from canary in Canaries where source.Value.Contains(canary, StringComparison.Ordinal) select $"{canary} in {source.Key}";
        Assert.That(hits, Is.Empty);
    }

    private static string Identity(string output) => System.Text.RegularExpressions.Regex.Match(output, "secrets-[0-9a-z]{5}").Value;

    // What every process of the container has in its environment, read on the host.
    private static async Task<string> EnvironmentsAsync(string container)
    {
        var pids = (await CaptureAsync("docker", "top", container, "-eo", "pid")).Split('\n', StringSplitOptions.TrimEntries).Where(line => int.TryParse(line, out _));
        return string.Join('\n', pids.Select(pid => ReadProc($"/proc/{pid}/environ")));
    }

    private static IEnumerable<(string Path, string Text)> CommandLines() =>
        Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), out _)).Select(path => ($"{path}/cmdline", ReadProc($"{path}/cmdline")));

    // A process may end while it is read.
    private static string ReadProc(string path)
    {
        try
        {
            return File.ReadAllText(path).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static IEnumerable<(string Path, string Text)> Files(string root) =>
        Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Select(path => (path, File.ReadAllText(path)));

    private static async Task<string> CaptureAsync(string program, params string[] arguments)
    {
        var result = await Runner.RunAsync(new Command(program, arguments));
        return result.Output + result.Error;
    }
}
