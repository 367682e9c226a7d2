using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.Setup;
using Bottle.Testing;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

/// <summary>Our images on a real engine, and the demo where it must fail: in a container that is not isolated.</summary>
[RequiresEngine]
public sealed class ImagesEngineTests
{
    private static readonly string Name = $"bottle-test-images-{Guid.NewGuid():N}"[..28];
    private static readonly CommandRunner Runner = new();

    private static readonly ImageCatalogue Catalogue = new(Path.GetFullPath("../../../..", AppContext.BaseDirectory));

    private readonly List<string> said = [];

    private ImageBuilder Builder()
    {
        void Say(string line)
        {
            lock (said)
                said.Add(line);
            TestContext.Progress.WriteLine(line);
        }
        return new ImageBuilder(Runner, Catalogue, new ImagePuller(Runner, Say), new SetupContext { MayInstall = true, CommandLine = "the tests", Say = Say });
    }

    private static async Task<CommandResult> DockerAsync(params string[] arguments)
    {
        var result = await Runner.RunAsync(new Command("docker", arguments));
        return result.Succeeded ? result : throw new InvalidOperationException($"docker {string.Join(' ', arguments)}: {result.Error}");
    }

    private static readonly ImageRecipe[] Recipes = [Catalogue.Agent("demo"), Catalogue.DemoUpstream, Catalogue.PipelockStandIn, Catalogue.Egress];

    [OneTimeSetUp]
    public Task Build() => Builder().EnsureAsync(Recipes);

    [Test]
    public async Task Images_that_are_there_are_reused_without_a_word()
    {
        said.Clear();
        var second = await Builder().EnsureAsync(Recipes);
        Assert.That(second, Has.All.Property("WasBuilt").False);
        Assert.That(said, Is.Empty);
        foreach (var recipe in Recipes)
        {
            var label = await DockerAsync("image", "inspect", "--format", "{{index .Config.Labels \"bottle.image\"}} {{.Config.User}}", recipe.Tag);
            Assert.That(label.Output.Trim(), Does.Match($"^{recipe.Role} [1-9][0-9]*:[1-9][0-9]*$"), "its role, and a user that is not root");
        }
    }

    [Test]
    public async Task The_egress_image_is_small_and_has_no_shell()
    {
        var size = (await DockerAsync("image", "inspect", "--format", "{{.Size}}", Catalogue.Egress.Tag)).Output;
        Assert.That(long.Parse(size, System.Globalization.CultureInfo.InvariantCulture), Is.LessThan(60_000_000));
        var shell = await Runner.RunAsync(new Command("docker", "run", "--rm", "--network", "none", "--entrypoint", "/bin/sh", Catalogue.Egress.Tag, "-c", "true"));
        Assert.That(shell.ExitCode, Is.EqualTo(127));
    }

    /// <summary>Silence proves something only when the same probe hears an answer where there is one.</summary>
    [Test]
    public async Task The_demo_fails_in_a_container_that_is_not_isolated()
    {
        using var certificates = new TemporaryFolder();
        await WriteServerAsync(certificates.Path);
        try
        {
            await DockerAsync("network", "create", "--label", "bottle.test=images", Name);
            await DockerAsync("run", "--detach", "--name", Name, "--label", "bottle.test=images", "--network", Name, "--network-alias", "api.demo.test", "--read-only", "--cap-drop", "ALL",
                "--volume", $"{certificates.Path}:/etc/upstream:ro", Catalogue.DemoUpstream.Tag);
            var address = (await DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", Name)).Output.Trim();
            await HealthyAsync();
            foreach (var (kind, port) in ((string, string)[])[("tcp", "7007"), ("udp", "7007"), ("dns", "53")])
                Assert.That((await Runner.RunAsync(new Command("docker", "exec", Name, "/demo-upstream", "dial", kind, address, port))).Output, Does.StartWith("bottle-canary "), kind);

            var canaries = $"outside-tcp=tcp:{address}:7007 outside-udp=udp:{address}:7007 outside-dns=dns:{address}:53 host-1=tcp:{address}:7007 host-1=udp:{address}:7007 pipelock=tcp:{address}:443";
            var demo = await Runner.RunAsync(new Command("docker", "run", "--rm", "--network", Name, "--env", $"BOTTLE_CANARIES={canaries}", Catalogue.Agent("demo").Tag, "/usr/local/bin/bottle-demo"));
            TestContext.Progress.WriteLine(demo.Output);
            Assert.That(demo.ExitCode, Is.EqualTo(1));
            Assert.That(Verdicts(demo.Output), Has.All.EqualTo("FAIL"));
        }
        finally
        {
            await Runner.RunAsync(new Command("docker", "rm", "--force", Name));
            await Runner.RunAsync(new Command("docker", "network", "rm", Name));
        }
    }

    [Test]
    public async Task Without_canaries_the_demo_fails_because_nothing_was_tried()
    {
        var demo = await Runner.RunAsync(new Command("docker", "run", "--rm", "--network", "none", Catalogue.Agent("demo").Tag, "/usr/local/bin/bottle-demo"));
        Assert.That(demo.ExitCode, Is.EqualTo(1));
        Assert.That(demo.Output.Split('\n').Count(line => line.Contains("FAIL") && line.Contains("not tried")), Is.EqualTo(6));
    }

    /// <summary>The results of the table at the end.</summary>
    private static IEnumerable<string> Verdicts(string output) => output.Split('\n').SkipWhile(line => !line.StartsWith("check ", StringComparison.Ordinal)).Skip(1)
        .TakeWhile(line => line.Length > 0).Select(line => line[47..53].Trim());

    private static async Task HealthyAsync()
    {
        for (var i = 0; i < 100; i++)
        {
            if ((await Runner.RunAsync(new Command("docker", "exec", Name, "/demo-upstream", "healthcheck"))).Succeeded)
                return;
            await Task.Delay(100);
        }
        Assert.Fail((await Runner.RunAsync(new Command("docker", "logs", Name))).ToString());
    }

    private static async Task WriteServerAsync(string folder)
    {
        using var authority = new TestAuthority("test");
        using var certificate = authority.Issue("api.demo.test");
        await File.WriteAllTextAsync(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(Path.Combine(folder, "server-key.pem"), authority.IssuedKey);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
    }
}
