using System.Runtime.InteropServices;
using System.Text.Json;

namespace Bottle.Scenarios.Dashboard;

/// <summary>Logs and traffic that are followed while bottles run, for people and for programs, until the bottle or the reader ends.</summary>
internal sealed class Following(DashboardBottles bottles) : IDisposable
{
    private const string Seen = "seen-while-following";

    private const string Mark = "BOTTLE_TEST_READER";

    private readonly string mark = $"{Guid.NewGuid():N}";
    private readonly List<Cake> commands = [];

    private Cake LogsForPrograms => commands[0];

    private Cake TrafficForPrograms => commands[1];

    private Cake LogsForPeople => commands[2];

    private Cake TrafficForPeople => commands[3];

    private Cake TrafficOfTheSecond => commands[4];

    /// <summary>Five readers begin; each has shown what there was.</summary>
    internal async Task BeginsAsync()
    {
        Begin("Logs", bottles.First, "--format=json");
        Begin("Traffic", bottles.First, "--format=json");
        Begin("Logs", bottles.First);
        Begin("Traffic", bottles.First);
        Begin("Traffic", bottles.Second);
        foreach (var logs in new[] { LogsForPrograms, LogsForPeople }) await logs.SawAsync("pipelock");
        foreach (var traffic in new[] { TrafficForPrograms, TrafficForPeople }) await traffic.SawAsync("asked.demo.test");
        await TrafficOfTheSecond.SawAsync("never.demo.test");
    }

    /// <summary>What happens now is there at once, and inert for people.</summary>
    internal async Task LinesComeAsync()
    {
        Assert.That(await DashboardBottles.WriteToLogAsync(bottles.First, Seen), Is.Empty);
        Assert.That(await DashboardBottles.StatusAsync(bottles.First, $"https://never.demo.test/v1/{Seen}"), Is.EqualTo("403"));
        foreach (var command in commands.Take(4)) await command.SawAsync(Seen);
        Assert.That(LogsForPeople.Output, Does.Contain($"␛[2J␛]0;owned␇{Seen}").And.Not.Contain("\u001b"));
    }

    /// <summary>Ctrl-C and SIGTERM end a reader with their codes, and what it had started.</summary>
    internal async Task TwoAreInterruptedAsync()
    {
        LogsForPeople.SignalGroup(PosixSignal.SIGINT);
        TrafficForPeople.SignalGroup(PosixSignal.SIGTERM);
        Assert.That(await LogsForPeople.ExitAsync(), Is.EqualTo(130), LogsForPeople.All);
        Assert.That(await TrafficForPeople.ExitAsync(), Is.EqualTo(143), TrafficForPeople.All);
        Assert.That(Below(LogsForPeople), Is.Empty);
    }

    /// <summary>The bottle's end is the end of those who follow it, also where its state is kept.</summary>
    internal async Task TheOthersEndWithTheirBottleAsync()
    {
        foreach (var command in new[] { LogsForPrograms, TrafficForPrograms, TrafficOfTheSecond }) Assert.That(await command.ExitAsync(), Is.Zero, command.All);
        var lines = Lines(LogsForPrograms);
        Assert.That(lines.Select(line => line.GetProperty("text").GetString()), Has.Some.EqualTo($"\u001b[2J\u001b]0;owned\u0007{Seen}"));
        Assert.That(lines.Select(line => line.GetProperty("service").GetString()).Distinct(), Is.SupersetOf(new[] { "agent", "egress", "pipelock" }));
        Assert.That(Lines(TrafficForPrograms).Select(line => line.GetProperty("path").GetString()), Has.Some.EqualTo($"/v1/{Seen}"));
        Assert.That(commands.SelectMany(Below), Is.Empty);
    }

    public void Dispose() => commands.ForEach(command => command.Dispose());

    private static List<JsonElement> Lines(Cake command)
    {
        Assert.That(command.Output, Does.Not.Contain("\u001b"));
        return [.. command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private void Begin(string target, string identity, params string[] more) =>
        commands.Add(Cake.Start(bottles.Home, [$"--target={target}", $"--bottle={identity}", "--follow", .. more], new Dictionary<string, string> { [Mark] = $"{mark}-{commands.Count}" }));

    // What a command starts has a session of its own, and its environment.
    private IEnumerable<string> Below(Cake command) => Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _))
        .Where(folder => Read(folder, "environ").Split('\0').Contains($"{Mark}={mark}-{commands.IndexOf(command)}")).Select(folder => Read(folder, "cmdline").Replace('\0', ' '));

    private static string Read(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
