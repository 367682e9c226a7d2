using System.Globalization;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Terminals;

namespace Bottle.Build.Launching;

/// <summary>A run that a process of its own owns, without a terminal: how it is left to that process, and how a terminal comes back to it.</summary>
internal sealed class KeptRun(BottleContext context, string identity)
{
    private const int LongestSocketPath = 100;
    private const int ShownLines = 15;
    // What it takes a keeper to come up is the time of a Prove; a loaded machine gets many times that.
    private static readonly TimeSpan MayTake = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    // In a session of its own, so that the end of this terminal is none of its business.
    private const string InBackground = "log=$1; shift; setsid \"$@\" >>\"$log\" 2>&1 </dev/null & echo $!";

    private readonly RunRecords records = new(context.Home, TimeProvider.System);

    private string Socket => Path.Combine(context.Home.State(identity), StateLayout.TerminalSocket);

    /// <summary>Gives the run that this process owns to a keeper, and waits until it answers.</summary>
    /// <exception cref="BottleException">BTL5201: the keeper ended; it has torn down what there was. BTL5202: the home's path is too long.</exception>
    internal static async Task<KeptRun> HandOverAsync(BottleContext context)
    {
        var launch = context.Launch;
        var claim = launch.RequiredClaim;
        var kept = new KeptRun(context, claim.Identity);
        if (kept.Socket.Length > LongestSocketPath) throw new BottleException(DetachErrors.SocketPathTooLong(kept.Socket, LongestSocketPath));
        if (launch.Canaries is { } canaries) await canaries.DisposeAsync();
        var log = kept.records.NewKeeperLog(kept.Identity);
        // Between this process's lock and the keeper's no reaper may take the run for a left-over.
        claim.Preserve("handed to its keeper");
        claim.Dispose();
        (launch.Claim, launch.IsHandedOver) = (null, true);
        await kept.AwaitAsync(await kept.StartAsync(log), log);
        context.Console.Note("the agent runs under a keeper of its own");
        if (context.Arguments.Detach) context.Console.Say(kept.HowToComeBack);
        return kept;
    }

    private string Identity => identity;

    private string HowToComeBack => $"    {identity} runs on; come back with: dotnet cake --target=Attach --bottle={identity}; end it with: dotnet cake --target=Stop --bottle={identity}";

    /// <summary>Brings this terminal to the agent, until it ends or the person leaves; of a run that is over, says how it ended.</summary>
    /// <exception cref="BottleException">BTL5008 no such run, BTL5010 it is over, BTL3104 it runs on somebody else's terminal, BTL5203 it was stopped, BTL5204 its keeper was killed.</exception>
    internal async Task ComeBackAsync()
    {
        context.Launch.Identity = identity;
        context.Launch.IsHandedOver = true;
        if (!context.Store.IsHeld(identity) && records.ReadExit(identity) is { } end)
        {
            context.Console.Say($"the agent of {identity} ended with exit code {end.AgentExit} at {end.EndedAt:u}");
            context.Launch.AgentExit = end.AgentExit;
            return;
        }
        var terminal = !System.Console.IsInputRedirected && !System.Console.IsOutputRedirected;
        using var client = await TerminalClient.ConnectAsync(Socket, terminal, context.Cancellation)
            ?? throw (context.Store.IsHeld(identity) ? context.IsAlive(identity) : context.IsMissing(identity));
        context.Console.Line($"    {identity}: Ctrl-] three times leaves it running");
        using (context.Console.HandOver()) await StayAsync(client);
    }

    private async Task StayAsync(TerminalClient client)
    {
        var (end, code) = await client.StayAsync(context.Cancellation);
        context.Console.Line();
        switch (end)
        {
            case AttachEnd.Exited:
                context.Launch.AgentExit = code;
                context.Console.Note(code == 0 ? "the agent ended well" : $"the agent ended with exit code {code}");
                break;
            case AttachEnd.Left:
                context.Console.Say(HowToComeBack);
                break;
            case AttachEnd.Stopped:
                throw new BottleException(DetachErrors.Stopped(identity));
            default:
                throw new BottleException(DetachErrors.KeeperLost(identity));
        }
    }

    private async Task<int> StartAsync(string log)
    {
        var again = context.Door.Again(nameof(Tasks.Keep), [$"--bottle={identity}", .. context.Arguments.Keep ? ["--keep"] : Array.Empty<string>(), .. context.TypedPrompt is { } prompt ? [$"--prompt={prompt}"] : Array.Empty<string>()]);
        var started = await context.Runner.RunCheckedAsync(new Command("sh", ["-c", InBackground, "sh", log, again.Program, .. again.Words])
        {
            WorkingDirectory = again.Folder,
            Environment = new Dictionary<string, string?> { ["PWD"] = context.TypedDirectory, ["NO_COLOR"] = "1" },
        }, context.Cancellation);
        return int.Parse(started.Output, CultureInfo.InvariantCulture);
    }

    private async Task AwaitAsync(int process, string log)
    {
        for (var end = TimeProvider.System.GetUtcNow() + MayTake; ; await Task.Delay(Between, context.Cancellation))
        {
            if (File.Exists(Socket) || records.ReadExit(identity) is not null) return;
            if (ProcessSignal.IsAlive(process) && TimeProvider.System.GetUtcNow() < end) continue;
            throw new BottleException(DetachErrors.KeeperFailed(identity, log, [.. (await File.ReadAllLinesAsync(log, context.Cancellation)).Where(line => line.Length > 0).TakeLast(ShownLines)]));
        }
    }
}
