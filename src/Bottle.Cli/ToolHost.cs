using Bottle.Build;
using Bottle.Build.Doors;
using Bottle.Build.Graphs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.State;
using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Tooling;

namespace Bottle.Cli;

/// <summary>Cake's own engine, set up by hand instead of by its script host, with the same tasks registered by the same entry.</summary>
internal static class ToolHost
{
    /// <summary>Runs what was typed; the exit code is ARCHITECTURE.md's.</summary>
    public static int Run(VerbLine line)
    {
        if (line.Superfluous.Count > 0)
            return Refuse(line.Superfluous);
        var door = Door(line.Words);
        var environment = new CakeEnvironment(new CakePlatform(), new CakeRuntime());
        var log = new SilentLog();
        var engine = new CakeEngine(new CakeDataService(), log);
        try
        {
            BottleBuild.Run(Context(environment, log, engine, line), door, targets => Draw(engine, targets));
            return 0;
        }
        catch (CakeException ended)
        {
            return ended.ExitCode;
        }
    }

    /// <summary>The door of this process; what the package carries is unpacked when it is not yet.</summary>
    public static ToolDoor Door(IReadOnlyList<string> words) =>
        new(ToolSource.Unpack(System.IO.Path.Combine(AppContext.BaseDirectory, "source.zip"), BottleHome.FromEnvironment()), words);

    /// <summary>Whether a word is the identity of a run that exists.</summary>
    public static bool IsRun(string word) => Identity.IsValid(word) && Directory.Exists(BottleHome.FromEnvironment().State(word));

    private static CakeContext Context(CakeEnvironment environment, ICakeLog log, CakeEngine engine, VerbLine line)
    {
        var files = new FileSystem();
        var globber = new LateGlobber(files, environment);
        var configuration = new CakeConfiguration(new Dictionary<string, string>());
        var tools = new ToolLocator(environment, new ToolRepository(environment), new ToolResolutionStrategy(files, environment, globber, configuration, log));
        return new CakeContext(
            files, environment, globber, log, new CakeArguments(line.Values.ToLookup(value => value.Name, value => value.Value, StringComparer.OrdinalIgnoreCase)),
            new ProcessRunner(files, environment, log, tools, configuration), new NoRegistry(), tools, new CakeDataService(), configuration,
            new ToolInstaller(environment, tools, configuration, log, []), new EngineService(engine));
    }

    // What Cake's script host does for --tree and --description.
    private static CakeReport Draw(CakeEngine engine, IEnumerable<string> targets)
    {
        foreach (var target in targets)
            Console.Out.Write(GraphText.Lines(TaskGraph.Of(engine.Tasks, target)));
        return new CakeReport();
    }

    private static int Refuse(IReadOnlyList<string> words)
    {
        var diagnostics = words.Select(CommandLineErrors.SuperfluousWord).ToList();
        Console.Error.WriteLine(DiagnosticText.Render(diagnostics, _ => null).TrimEnd());
        return diagnostics[0].ExitCode;
    }

    // Cake's own compiles an expression when it is made; our tasks never ask it.
    private sealed class LateGlobber(IFileSystem files, ICakeEnvironment environment) : IGlobber
    {
        public IEnumerable<Cake.Core.IO.Path> Match(GlobPattern pattern, GlobberSettings settings) => new Globber(files, environment).Match(pattern, settings);
    }

    // Bottle's own console says what there is to say; Cake's sets up colours and expressions that nobody would see.
    private sealed class SilentLog : ICakeLog
    {
        public Verbosity Verbosity { get; set; } = Verbosity.Quiet;

        public void Write(Verbosity verbosity, LogLevel level, string format, params object[] args) { }
    }

    private sealed class EngineService(ICakeEngine engine) : IServiceProvider
    {
        public object? GetService(Type serviceType) => serviceType == typeof(ICakeEngine) ? engine : null;
    }

    // Windows alone has one.
    private sealed class NoRegistry : IRegistry
    {
        public IRegistryKey LocalMachine => throw new PlatformNotSupportedException();

        public IRegistryKey CurrentUser => throw new PlatformNotSupportedException();

        public IRegistryKey ClassesRoot => throw new PlatformNotSupportedException();

        public IRegistryKey Users => throw new PlatformNotSupportedException();

        public IRegistryKey PerformanceData => throw new PlatformNotSupportedException();

        public IRegistryKey CurrentConfig => throw new PlatformNotSupportedException();
    }
}
