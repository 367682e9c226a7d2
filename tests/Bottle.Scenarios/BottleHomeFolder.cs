using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;

namespace Bottle.Scenarios;

/// <summary>A home of its own for one test: what it leaves on the engine and on disk is found by that home's hash.</summary>
internal sealed class BottleHomeFolder : IDisposable
{
    internal BottleHomeFolder() => Home = new BottleHome(Directory.CreateTempSubdirectory("bottle-scenario-").FullName);

    internal BottleHome Home { get; }

    internal static DockerEngine Engine { get; } = new(new CommandRunner());

    /// <summary>Writes an agent <paramref name="name"/> and a bottle of the same name; manifests in home are trusted.</summary>
    internal void WriteManifests(string name, string bottle, string command, string prompt = "")
    {
        Directory.CreateDirectory(Path.Combine(Home.Bottles, "agents"));
        File.WriteAllText(Path.Combine(Home.Bottles, $"{name}.md"), $"---\n{bottle.Trim()}\n---\n");
        File.WriteAllText(Path.Combine(Home.Bottles, "agents", $"{name}.md"), $"---\nbottle: {name}\ncommand: {command}\n---\n{prompt}\n");
    }

    /// <summary>Everything of this home that is still there: containers, networks, state, tokens.</summary>
    internal async Task<IReadOnlyList<string>> LeftAsync()
    {
        var containers = await Engine.ContainersAsync(Home.Hash);
        var networks = await Engine.NetworksAsync(Home.Hash);
        var state = Path.Combine(Home.Root, "state");
        return
        [
            .. containers.Select(container => $"container {container.Name}"),
            .. networks.Select(network => $"network {network.Name}"),
            .. Entries(state).Select(path => $"state {path}"),
            .. TokenDirectory.ListIdentities(Home).Select(identity => $"tokens of {identity}"),
        ];
    }

    public void Dispose() => Directory.Delete(Home.Root, recursive: true);

    private static IEnumerable<string> Entries(string directory) => Directory.Exists(directory) ? Directory.EnumerateFileSystemEntries(directory) : [];
}
