using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Scenarios;

/// <summary>A home of its own for one test: what it leaves on the engine and on disk is found by that home's hash.</summary>
internal sealed class BottleHomeFolder : IDisposable
{
    internal BottleHomeFolder() => Home = new BottleHome(Directory.CreateTempSubdirectory("bottle-home-").FullName);

    internal BottleHome Home { get; }

    /// <summary>An identity for a run of the agent <c>scenario</c> that no other test has: the engine knows a run by it alone.</summary>
    internal string Identity { get; } = $"scenario-{Random.Shared.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 5)}";

    internal static DockerEngine Engine { get; } = new(new CommandRunner());

    /// <summary>Writes the agent and the bottle <c>scenario</c>, with a small image of its own; manifests in home are trusted.</summary>
    internal void WriteManifests(string bottle, string command) => WriteManifests(Home.Bottles, bottle, command);

    /// <summary>The same in another root.</summary>
    internal static void WriteManifests(string root, string bottle, string command)
    {
        var image = Directory.CreateDirectory(Path.Combine(root, "images", "scenario")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "agents"));
        File.WriteAllText(Path.Combine(root, "scenario.md"), $"---\n{bottle.Trim()}\n---\n");
        File.WriteAllText(Path.Combine(root, "agents", "scenario.md"), $"---\nbottle: scenario\ncommand: {command}\n---\n");
        File.WriteAllText(Path.Combine(image, "Dockerfile"), "ARG BASE\nFROM ${BASE}\nRUN useradd --uid 1000 --create-home agent\nUSER 1000:1000\nCMD [\"sleep\", \"infinity\"]\n");
    }

    /// <summary>Everything of this home that is still there: containers, networks, state, tokens.</summary>
    internal Task<IReadOnlyList<string>> LeftAsync() => Residue.FindAsync(Home, Engine);

    public void Dispose() => Directory.Delete(Home.Root, recursive: true);
}
