using System.Collections.Immutable;
using Bottle.Dashboard.Model;
using Bottle.Host.Apply;
using Bottle.Host.Processes;

namespace Bottle.Dashboard;

/// <summary>What the dashboard works with.</summary>
public sealed record DashboardSettings
{
    /// <summary>Home, runs, engine, clock: as the commands use them.</summary>
    public required ApplyServices Services { get; init; }

    /// <summary>What starts processes.</summary>
    public required ICommandRunner Runner { get; init; }

    /// <summary>The stages of a launch in their order, without results.</summary>
    public required ImmutableArray<StageFacts> Stages { get; init; }

    /// <summary>The command that stops a run, of its identity and whether its state is kept.</summary>
    public required Func<string, bool, Command> StopCommand { get; init; }

    /// <summary>Leaves the keys that end this program to an editor that has the terminal, until the result is disposed.</summary>
    public required Func<IDisposable> LeaveKeys { get; init; }

    /// <summary>Makes a text that is written for door 1 one for the door that this was started by.</summary>
    public required Func<string, string> Spoken { get; init; }

    /// <summary>Whether colours may be used.</summary>
    public bool Colour { get; init; }
}
