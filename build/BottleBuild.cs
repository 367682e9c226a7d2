using System.Runtime.ExceptionServices;
using Bottle.Build.Console;
using Bottle.Build.Doors;
using Bottle.Build.Graphs;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Host.State;
using Cake.Core;

namespace Bottle.Build;

/// <summary>The entry that every door shares: registers the tasks in Cake's engine, runs the targets asked for, tears down, and keeps the exit code.</summary>
public static class BottleBuild
{
    private const string DefaultTarget = nameof(Tasks.Help);

    /// <summary>Runs what the command line asks for. <paramref name="runTargets"/> is the script host's own runner, used only to draw the graph.</summary>
    /// <exception cref="CakeException">The run did not succeed; carries the exit code of ARCHITECTURE.md, Diagnostics. Everything has been said by then.</exception>
    public static void Run(ICakeContext cake, Func<IEnumerable<string>, CakeReport> runTargets) => Run(cake, new CakeDoor(cake), runTargets);

    /// <summary>As above, for a door that knows its own places and words.</summary>
    /// <exception cref="CakeException">As above.</exception>
    public static void Run(ICakeContext cake, Door door, Func<IEnumerable<string>, CakeReport> runTargets)
    {
        using var signals = new Signals();
        var arguments = new BottleArguments(cake.Arguments.GetArguments()!, door.Words);
        using var console = OpenConsole(arguments, door);
        var context = new BottleContext(cake, arguments, door, console, signals);
        var engine = (ICakeEngine)cake.ServiceProvider.GetService(typeof(ICakeEngine))!;
        engine.RegisterTasks(context);
        signals.LastWords = () => context.Launch is { Claim.Identity: { } cut, IsHandedOver: false } ? door.Spoken($"ended at once; what is left of {cut} is removed by the next launch, or by: dotnet cake --target=Cleanup") : "";
        var code = arguments.OnlyShowsGraph ? Draw(engine, context, runTargets) : RunAsync(engine, context, signals).GetAwaiter().GetResult();
        console.Data.Flush();
        if (code == 0) return;
        throw new CakeException(code, "");
    }

    private static int Draw(ICakeEngine engine, BottleContext context, Func<IEnumerable<string>, CakeReport> runTargets)
    {
        try
        {
            CommandLine.Check(context.Arguments, engine.Tasks.Select(task => task.Name));
            var targets = context.Arguments.Targets is { Count: > 0 } asked ? asked : [nameof(Tasks.Start)];
            if (context.Arguments.Json) context.Console.Data.Write(GraphText.Json(TaskGraph.Of(engine.Tasks, targets[0])));
            else runTargets(targets);
            return 0;
        }
        catch (BottleException wrong)
        {
            var report = new RunReport(context);
            report.Say(wrong);
            report.Json(wrong);
            return wrong.ExitCode;
        }
    }

    private static async Task<int> RunAsync(ICakeEngine engine, BottleContext context, Signals signals)
    {
        var strategy = new StageStrategy(context);
        var teardown = new TeardownGuard(context, strategy);
        ExceptionDispatchInfo? failure = null;
        try
        {
            CommandLine.Check(context.Arguments, engine.Tasks.Select(task => task.Name));
            var targets = context.Arguments.Targets is { Count: > 0 } asked ? asked : [DefaultTarget];
            var settings = new ExecutionSettings().SetTargets(targets.Select(target => engine.Tasks.First(task => task.Name.Equals(target, StringComparison.OrdinalIgnoreCase)).Name));
            context.Launch.EndsWithTeardown = targets.Any(target => Stages.WholeRuns.Contains(target, StringComparer.OrdinalIgnoreCase));
            if (context.Arguments.Exclusive || context.IsAboutARunElsewhere) settings.UseExclusiveTarget();
            if (!context.Arguments.DryRun && settings.Targets.Any(target => Stages.WholeRuns.Contains(target) || Stages.Launch.Contains(target))) context.EngineGate.Begin();
            // The backstop of the `finally` below: the engine's own teardown comes first.
            engine.RegisterTeardownAction(ended => teardown.Run(ended.ThrownException));
            await engine.RunTargetAsync(context, strategy, settings);
            strategy.Finish();
            SayWhatIsNext(context, settings.Targets.Last());
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception is CakeReportException { InnerException: { } inner } ? inner : exception);
        }
        finally
        {
            teardown.Run(failure?.SourceException);
            context.Launch.Staging?.Dispose();
            if (context.Launch.Keeper is { } keeper) await keeper.DisposeAsync();
        }
        return Conclude(context, signals, failure?.SourceException, teardown);
    }

    private static int Conclude(BottleContext context, Signals signals, Exception? failure, TeardownGuard teardown)
    {
        var report = new RunReport(context);
        if (signals.ExitCode is { } code)
        {
            context.Console.Say(context.Launch is { IsHandedOver: true, Identity: { } other } ? $"left by {signals.Received}; {other} runs on" : $"stopped by {signals.Received}{(teardown.Outcome is { } outcome ? $"; {outcome}" : "")}");
            if (teardown.Failure is { } remains) report.Say(remains);
            report.Json(LaunchErrors.Interrupted($"{signals.Received}"));
            return code;
        }
        if (failure is null && teardown.Failure is { } left) report.Say(left);
        if (failure is null && context.Launch is { AgentExit: { } exit, Identity: { } identity })
        {
            report.Json(identity, exit);
            return exit;
        }
        if (failure is null && context.Launch is { IsHandedOver: true, Identity: { } detached }) report.JsonDetached(detached);
        if (failure is null && teardown.Failure is null)
        {
            report.JsonDone(context.Target);
            return 0;
        }
        if (failure is null)
        {
            report.Json(teardown.Failure!);
            return RunReport.CodeOf(teardown.Failure!);
        }
        report.Say(failure, teardown.Failure);
        report.Json(failure);
        return RunReport.CodeOf(failure);
    }

    // A stage that was asked for leaves up what is up (SPEC E2).
    private static void SayWhatIsNext(BottleContext context, string target)
    {
        if (context.Launch is not { Claim: { } claim, EndsWithTeardown: false } || !Stages.Launch.Contains(target)) return;
        // Else the next launch would take it for what a killed run left.
        claim.Preserve($"{StateStore.StoppedAfter}{target}");
        context.Console.Say($"{claim.Identity}: stopped after {target}; next: dotnet cake --target={Stages.Next(target)} --bottle={claim.Identity}");
    }

    private static StageConsole OpenConsole(BottleArguments arguments, Door door)
    {
        var data = new SurvivingWriter(System.Console.Out);
        var errors = new SurvivingWriter(System.Console.Error);
        var log = arguments.Json ? errors : data;
        // Cake says in its own words, on both streams, what StageConsole and RunReport say once.
        if (!arguments.OnlyShowsGraph)
        {
            System.Console.SetOut(TextWriter.Null);
            System.Console.SetError(TextWriter.Null);
        }
        var redirected = arguments.Json ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected;
        var isTerminal = !redirected && System.Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        var colour = isTerminal && string.IsNullOrEmpty(System.Environment.GetEnvironmentVariable("NO_COLOR"));
        return new StageConsole(data, log, errors, new ConsoleStyle(colour, arguments.HasVerbosity("quiet"), arguments.HasVerbosity("verbose", "diagnostic"), isTerminal, arguments.HasVerbosity("diagnostic")), door.Spoken);
    }
}
