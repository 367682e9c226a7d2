using Bottle.Host.Docker;
using Bottle.Host.Processes;
using Bottle.Host.State;
using Bottle.Host.Workspaces;
using NUnit.Framework;

namespace Bottle.Host.Tests.Workspaces;

/// <summary>A project's folder, a home with one run, and real git; the engine answers that there is no container.</summary>
internal sealed class WorkLab : IDisposable
{
    internal const string Identity = "dev-k3x9a";
    private readonly TemporaryFolder folder = new();

    internal WorkLab()
    {
        Directory.CreateDirectory(Project);
        Home = new BottleHome(Path.Combine(folder.Path, "home"));
        State = new StateStore(Home, Runner).Create(Identity);
    }

    internal string Project => Path.Combine(folder.Path, "project");

    internal string Outside => Path.Combine(folder.Path, "outside");

    internal BottleHome Home { get; }

    internal StateDirectory State { get; }

    /// <summary>Where the agent works.</summary>
    internal string Work => State["agent/work"];

    internal GitOnly Runner { get; } = new();

    internal string Patch => File.ReadAllText(Path.Combine(Home.Runs(Identity), "work.patch"));

    internal void Write(string path, string text) => WriteIn(Project, path, text);

    internal void AgentWrites(string path, string text) => WriteIn(Work, path, text);

    internal string Read(string path) => File.ReadAllText(Path.Combine(Project, path));

    internal string Git(params string[] arguments) => GitIn(Project, arguments);

    internal string GitIn(string directory, params string[] arguments)
    {
        var result = Runner.RunAsync(new Command("git", ["-C", directory, "-c", "user.name=T", "-c", "user.email=t@t", "-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always", .. arguments])).GetAwaiter().GetResult();
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        return result.Output;
    }

    internal void Commit()
    {
        Git("init", "-q");
        Git("add", "-A");
        Git("commit", "-q", "-m", "first");
    }

    internal Task<CopiedWorkspace> CopyAsync(long mostBytes = 1 << 30) => new WorkspaceCopy(Runner, _ => { }).RunAsync(Project, State, null, mostBytes, CancellationToken.None);

    internal Task<WorkRecord?> SaveAsync(WorkLimits? limits = null) => new WorkSaver(Home, new DockerEngine(Runner), TimeProvider.System) { Limits = limits ?? new() }.SaveAsync(State);

    internal WorkBringer Bringer => new(Home, Runner, TimeProvider.System);

    internal async Task<WorkSelection> BringAsync(params string[] included)
    {
        var selection = await Bringer.SelectAsync(Identity, included);
        if (selection.Files.Count > 0 && !selection.IsThere)
            await Bringer.BringAsync(Identity, selection);
        return selection;
    }

    public void Dispose()
    {
        State.Dispose();
        Runner.RunAsync(new Command("chmod", "-R", "u+rwx", folder.Path)).GetAwaiter().GetResult();
        folder.Dispose();
    }

    private static void WriteIn(string root, string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }

    /// <summary>Real processes, but for docker, which knows no container.</summary>
    internal sealed class GitOnly : ICommandRunner
    {
        private readonly CommandRunner real = new();

        public Task<CommandResult> RunAsync(Command command, CancellationToken cancellationToken = default) =>
            command.FileName == "docker" ? Task.FromResult(new CommandResult(1, "", "Error response from daemon: No such container: x")) : real.RunAsync(command, cancellationToken);

        public Task<int> AttachAsync(Command command, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
