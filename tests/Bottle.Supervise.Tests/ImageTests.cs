using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Bottle.Contracts.Supervision;
using Bottle.Host.Images;
using Bottle.Host.Processes;
using Bottle.Host.Setup;
using Bottle.Testing;

namespace Bottle.Supervise.Tests;

/// <summary>The image as Compose runs it: nothing of it writable but the questions, no capability, no way out.</summary>
[RequiresEngine]
public sealed class ImageTests
{
    private const double MostMemory = 60;

    private readonly CommandRunner _runner = new();
    private readonly string _name = "supervise-test-" + Guid.NewGuid().ToString("N")[..8];

    [TearDown]
    public async Task Remove()
    {
        await _runner.RunAsync(new Command("docker", "rm", "--force", _name));
        await _runner.RunAsync(new Command("docker", "network", "rm", _name));
    }

    [Test]
    public async Task It_starts_locked_down_asks_is_answered_stays_small_and_stops_at_once()
    {
        using var folder = new TemporaryFolder();
        var side = new QueueSide(folder.Path);
        var image = await ImageAsync();
        await DockerAsync("network", "create", "--internal", _name);
        await DockerAsync(
            "run", "--detach", "--name", _name, "--network", _name, "--user", await UserAsync(), "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "256m", "--pids-limit", "128",
            "--volume", $"{side.Proposals}:/run/supervise/queue/proposals", "--volume", $"{side.Answers}:/run/supervise/queue/answers:ro", image);
        await Eventually.HoldsAsync(() => IsWell().GetAwaiter().GetResult(), () => "not healthy");
        var atRest = await MemoryAsync();

        var address = new Uri($"http://{(await DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", _name)).Trim()}:9100/mcp");
        var call = AskAsync(address);
        var proposal = await side.WaitForOneAsync();
        var since = Stopwatch.StartNew();
        side.Answer(proposal, AnswerDecision.Rejected, "not today");
        var answer = await Eventually.EndsAsync(call);
        var took = since.ElapsedMilliseconds;
        Assert.That(answer, Does.Contain("\"reason\":\"not today\""));
        await side.WaitForAsync(0);

        var afterwards = await MemoryAsync();
        await TestContext.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"memory at rest {atRest} MiB, after a call {afterwards} MiB; answer {took} ms after the decision"));
        Assert.That(Math.Max(atRest, afterwards), Is.LessThan(MostMemory));
        await DockerAsync("stop", "--time", "20", _name);
        Assert.That((await DockerAsync("inspect", "--format", "{{.State.ExitCode}}", _name)).Trim(), Is.EqualTo("0"), "it ended by itself");
    }

    private static async Task<string> AskAsync(Uri address)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"egress-block","arguments":{"url":"https://api.example.com/x","reason":"because"}}}""", Encoding.UTF8, "application/json"),
            Headers = { { "Accept", "application/json, text/event-stream" }, { "Host", "supervise:9100" } },
        };
        using var answer = await client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<bool> IsWell() => (await _runner.RunAsync(new Command("docker", "exec", _name, "/supervise", "healthcheck"))).Succeeded;

    /// <summary>MiB that the engine counts for the container.</summary>
    private async Task<double> MemoryAsync()
    {
        var text = (await DockerAsync("stats", "--no-stream", "--format", "{{.MemUsage}}", _name)).Split(' ')[0];
        Assert.That(text, Does.EndWith("MiB"));
        return double.Parse(text[..^3], CultureInfo.InvariantCulture);
    }

    private async Task<string> UserAsync() => (await RunAsync("id", "-u")).Trim() + ":" + (await RunAsync("id", "-g")).Trim();

    private Task<string> DockerAsync(params string[] arguments) => RunAsync("docker", arguments);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await _runner.RunAsync(new Command(program, arguments));
        Assert.That(result.Succeeded, Is.True, $"{program} {string.Join(' ', arguments)}\n{result.Output}{result.Error}");
        return result.Output;
    }

    private async Task<string> ImageAsync([CallerFilePath] string file = "")
    {
        var catalogue = new ImageCatalogue(Path.GetFullPath("../..", Path.GetDirectoryName(file)!));
        var context = new SetupContext { MayInstall = true, CommandLine = "the tests", Say = TestContext.Out.WriteLine };
        var images = await new ImageBuilder(_runner, catalogue, new ImagePuller(_runner, context.Say), context).EnsureAsync([catalogue.Supervise]);
        return images[0].Tag;
    }
}
