using Bottle.Build.Console;
using Bottle.Build.Doors;
using Bottle.Build.Launching;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Apply;
using Bottle.Host.Docker;
using Bottle.Host.Images;
using Bottle.Host.Manifests;
using Bottle.Host.Processes;
using Bottle.Host.Sessions;
using Bottle.Host.Setup;
using Bottle.Host.State;
using Cake.Core;
using Cake.Frosting;

namespace Bottle.Build;

/// <summary>What every task gets: the checked command line, the console, the shell's services, and the state of the launch that the stages hand on.</summary>
internal sealed class BottleContext : FrostingContext
{
    private HomeConfiguration? homeConfiguration;
    private bool? isAboutARunElsewhere;
    private readonly CancellationTokenSource abandoned;
    private readonly Func<IDisposable> leaveKeys;
    private ImageCatalogue catalogue;

    internal BottleContext(ICakeContext cake, BottleArguments arguments, Door door, StageConsole console, Signals signals) : base(cake)
    {
        Console = console;
        abandoned = CancellationTokenSource.CreateLinkedTokenSource(signals.Cancellation);
        leaveKeys = signals.LeaveKeys;
        Door = door;
        Runner = new CommandRunner();
        Engine = new DockerEngine(Runner, EngineSocket.FromEnvironment());
        Home = BottleHome.FromEnvironment();
        Store = new StateStore(Home, Runner);
        var resumed = Resumed(arguments);
        Arguments = arguments.Inherit(resumed?.Arguments);
        TypedPrompt = arguments.Prompt;
        // A run that exists goes on where it was started (SPEC B5).
        UserDirectory = resumed is not null && Directory.Exists(resumed.Cwd) ? resumed.Cwd : door.UserDirectory;
        var roots = (IReadOnlyList<string>)[.. Arguments.Manifests.Select(UserPath), Home.Bottles, Path.Combine(UserDirectory, "bottles"), .. door.ShippedBottles is { } shipped ? [shipped] : (string[])[]];
        Manifests = new ManifestStore(roots, UserDirectory);
        catalogue = new ImageCatalogue(RepositoryRoot, roots);
        Setup = new Bottle.Host.Setup.SetupContext { MayInstall = arguments.Setup, CommandLine = door.Spoken(arguments.ToString()), Say = console.Progress, Detail = console.Verbose ? console.Progress : _ => { } };
        Installer = new EngineInstaller(Runner, Setup);
        EngineGate = new EngineGate(Engine, Installer, Cancellation);
        Planner = new LaunchPlanner(this);
        Images = new LaunchImages(this);
        Trust = new LaunchTrust(this);
    }

    /// <summary>The command line; Cake's own arguments are behind <see cref="ICakeContext"/>.</summary>
    internal new BottleArguments Arguments { get; }

    /// <summary><c>--prompt</c> of this command itself, and not of the launch that is gone on with.</summary>
    internal string? TypedPrompt { get; }

    internal StageConsole Console { get; }

    /// <summary>Ends what runs: a signal came, or a stage failed beside others.</summary>
    internal CancellationToken Cancellation => abandoned.Token;

    /// <summary>Leaves the keys that end a command to somebody else who has the terminal, until the result is disposed.</summary>
    internal IDisposable LeaveKeys() => leaveKeys();

    /// <summary>How the user got here.</summary>
    internal Door Door { get; }

    /// <summary>The folder with Bottle's own manifests and the sources of its images.</summary>
    internal string RepositoryRoot => Door.Root;

    /// <summary>The clone that a task of the repository works on.</summary>
    /// <exception cref="BottleException">BTL0006: the user stands in none.</exception>
    internal string Clone => Door.Clone ?? throw new BottleException(CommandLineErrors.NeedsClone(Arguments.Targets[0]));

    /// <summary>The first target that was typed, as it is called; Help when none was.</summary>
    internal string Target => Arguments.Targets is [var typed, ..] ? TargetCatalogue.Find(typed)?.Name ?? typed : nameof(Tasks.Help);

    /// <summary>The folder where the user typed.</summary>
    internal string TypedDirectory => Door.UserDirectory;

    /// <summary>The folder that manifests and their paths are relative to: where the user typed, or where the run that is gone on with was started.</summary>
    internal string UserDirectory { get; }

    internal ICommandRunner Runner { get; }

    internal DockerEngine Engine { get; }

    internal BottleHome Home { get; }

    internal StateStore Store { get; }

    internal ManifestStore Manifests { get; }

    internal ImageCatalogue Catalogue => catalogue;

    internal Bottle.Host.Setup.SetupContext Setup { get; }

    internal EngineInstaller Installer { get; }

    internal EngineGate EngineGate { get; }

    /// <summary>What the operator set for all runs; read when it is first asked for.</summary>
    internal HomeConfiguration HomeConfiguration => homeConfiguration ??= HomeConfigurationFile.Load(Home.Configuration);

    /// <summary>The operator's own upstream roots: <c>--upstream-ca</c>, else the home configuration's; null without any.</summary>
    internal string? UpstreamCaFile => Arguments.UpstreamCa is { } typed ? UserPath(typed)
        : HomeConfiguration.UpstreamCa is { Value: var set } ? Path.GetFullPath(set, Home.Root) : null;

    /// <summary>What applying a change to a running bottle works with.</summary>
    internal ApplyServices Apply => new(Home, Store, Engine, TimeProvider.System);

    internal LaunchPlanner Planner { get; }

    internal LaunchImages Images { get; }

    internal LaunchTrust Trust { get; }

    internal Launch Launch { get; } = new();

    internal ComposeProject Compose => ComposeFor(recreatesAll: false);

    /// <summary>The run's Compose project, whose containers may have to be made anew.</summary>
    internal ComposeProject ComposeFor(bool recreatesAll) =>
        new(Engine, Home.State(Launch.RequiredIdentity), new BottleNames(Launch.RequiredIdentity).Project, Home.Hash) { RecreatesAll = recreatesAll, IsOwn = Launch.IsUp };

    /// <summary>A path as the user meant it.</summary>
    internal string UserPath(string typed) => Path.GetFullPath(typed, TypedDirectory);

    /// <summary>Whether the target is about a run that another process owns, or that is over: it needs nothing of what a launch depends on. Attach to a kept run, and Resume without a name. Asked first before this process owns any run, and true from then on.</summary>
    internal bool IsAboutARunElsewhere => isAboutARunElsewhere ??= Arguments.Targets is [var only]
        && (only.Equals(nameof(Tasks.Resume), StringComparison.OrdinalIgnoreCase) ? Arguments.Bottle is null
            : only.Equals(nameof(Tasks.Attach), StringComparison.OrdinalIgnoreCase) && Arguments.Bottle is { } identity && (Store.IsHeld(identity) || Store.Open(identity) is null));

    /// <summary>Whether the agent runs under a keeper, so that it outlives this terminal (SPEC E10).</summary>
    internal bool Detaches => Arguments.Detach || HomeConfiguration.OnHangup is { Value: "detach" };

    /// <summary>The run's folder: owned once it is claimed, to read before; null when there is none.</summary>
    internal StateDirectory? StateToRead => Launch.Claim ?? (Launch.Identity is { } identity ? Store.Open(identity) : null);

    /// <summary>What is recorded of the run; null when nothing is.</summary>
    internal Metadata? Metadata() => StateToRead?.ReadMetadata();

    /// <summary>How a stage of the run went before; null when it never ran.</summary>
    internal StageRecord? RecordOf(string stage) => Metadata()?.Stages.FirstOrDefault(record => record.Name == stage);

    /// <summary>The run's containers, asked once.</summary>
    internal Task<IReadOnlyList<ContainerInfo>> ContainersAsync() => Launch.Containers ??= Engine.ContainersAsync(Home.Hash, Launch.RequiredIdentity, Cancellation);

    /// <summary>Ends what runs beside a stage that failed.</summary>
    internal void Abandon() => abandoned.Cancel();

    /// <summary>The identity that a teardown target works on, owned by this process from now on; null when <c>--bottle</c> is missing.</summary>
    /// <exception cref="BottleException">A live process owns it.</exception>
    internal StateDirectory? OwnedByTeardown()
    {
        if (Launch.Claim is not null || Arguments.Bottle is not { } identity) return Launch.Claim;
        Launch.Identity = identity;
        Launch.Claim = Store.TryOwn(identity);
        if (Launch.Claim is null && Store.IsHeld(identity)) throw IsAlive(identity);
        return Launch.Claim;
    }

    /// <summary>That a living process owns a run.</summary>
    internal BottleException IsAlive(string identity) => new(StateErrors.RunIsAlive(identity, RunLock.Holder(Home.State(identity))));

    /// <summary>That a run is not there: it is over, when something is recorded of it.</summary>
    internal BottleException IsMissing(string identity) => new(Directory.Exists(Home.Runs(identity)) ? LaunchErrors.RunIsOver(identity) : LaunchErrors.NoSuchRun(identity));

    /// <summary>From now on the agent's image is made of what was accepted, whatever happens to the folders of manifests meanwhile: of these bytes, of home's folder where all lies in home, or of Bottle's own.</summary>
    internal void PinImages(TrustContent? content)
    {
        var name = Launch.RequiredManifests.ImageName;
        if (Launch.RequiredManifests.ImageDirectory is not { } original)
        {
            catalogue = new ImageCatalogue(RepositoryRoot);
        }
        else if (content is null)
        {
            catalogue = new ImageCatalogue(RepositoryRoot, [Home.Bottles]);
        }
        else
        {
            var staging = Launch.Staging = new StagedImages();
            staging.Write(content.Below($"images/{name}/", ""), name);
            catalogue = new ImageCatalogue(RepositoryRoot, [staging.Path]) { AgentDockerfileShown = Path.Combine(original, "Dockerfile") };
        }
    }

    /// <summary>Removes what killed runs left on the engine; their states stay, resumable, until Cleanup (SPEC B4).</summary>
    internal async Task ReapAsync()
    {
        foreach (var identity in await new Reaper(Home, Store, Engine).ReapLeftoversAsync(cancellationToken: Cancellation))
            Console.Progress($"removed the containers and networks of killed run {identity}; what it recorded stays until: dotnet cake --target=Cleanup --bottle={identity}");
    }

    // What is typed wrongly is said where the command line is checked, and what cannot be read where it is needed.
    private Metadata? Resumed(BottleArguments arguments)
    {
        if (arguments.Bottle is not { } identity || !Identity.IsValid(identity)) return null;
        try
        {
            return Store.Open(identity)?.ReadMetadata();
        }
        catch (BottleException)
        {
            return null;
        }
    }

    /// <summary>Says warnings and notes.</summary>
    internal void Warn(IReadOnlyList<Diagnostic> diagnostics)
    {
        if (diagnostics.Count > 0) Console.Error(DiagnosticText.Render(diagnostics, Manifests.TextOf, Console.Colour));
    }
}
