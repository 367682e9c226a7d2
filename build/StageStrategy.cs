using System.Reflection;
using System.Runtime.ExceptionServices;
using Cake.Core;

namespace Bottle.Build;

/// <summary>
/// How Cake's engine runs our tasks: one line each, teardown once; banners and the report table of Cake's own strategy are left out. Cake goes through the graph task by task;
/// a stage that is marked <see cref="SideBySideAttribute"/> is begun and not awaited, and every task first awaits those that it depends on.
/// </summary>
internal sealed class StageStrategy(BottleContext bottle) : IExecutionStrategy
{
    private static readonly HashSet<string> Beside =
        [.. TaskRegistration.TaskTypes.Where(type => type.IsDefined(typeof(SideBySideAttribute))).Select(TaskRegistration.NameOf)];

    private readonly Dictionary<string, Task> running = new(StringComparer.OrdinalIgnoreCase);

    public void PerformSetup(Action<ISetupContext> action, ISetupContext context) => action(context);

    public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardownContext) => action(teardownContext);

    public async Task ExecuteAsync(CakeTask task, ICakeContext context)
    {
        // What a keeper owns is its to tear down.
        if (bottle.Launch.IsHandedOver && Stages.Teardown.Contains(task.Name)) return;
        if (running.Values.FirstOrDefault(other => other.IsFaulted || other.IsCanceled) is { } failed) await failed;
        foreach (var dependency in task.Dependencies)
            if (running.TryGetValue(dependency.Name, out var other)) await other;
        if (Beside.Contains(task.Name)) running[task.Name] = Begin(task, context);
        else await StageLine.RunAsync(bottle, task.Name, () => task.Execute(context));
    }

    /// <summary>Waits for what was begun and is not awaited by anything; the first failure, or null.</summary>
    internal Exception? Drain()
    {
        // Every one is waited for: teardown must not begin while a stage still writes.
        var all = Task.WhenAll(running.Values);
        ((IAsyncResult)all).AsyncWaitHandle.WaitOne();
        return running.Values.FirstOrDefault(task => task.IsFaulted)?.Exception?.InnerException ?? (all.IsCanceled ? new OperationCanceledException() : null);
    }

    /// <summary>As <see cref="Drain"/>, throwing the failure.</summary>
    internal void Finish()
    {
        if (Drain() is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    public void Skip(CakeTask task, CakeTaskCriteria criteria) { }

    public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => action(exception);

    public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context) => action(exception, context);

    public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => action(context);

    public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext taskSetupContext) => action(taskSetupContext);

    public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext taskTeardownContext) => action(taskTeardownContext);

    // Its place in the output is taken now, in the graph's order, whenever it comes to run.
    private Task Begin(CakeTask task, ICakeContext cake)
    {
        var output = Stages.IsStage(task.Name) ? bottle.Console.Open(task.Name) : null;
        return Task.Run(() => StageLine.RunAsync(bottle, output, () => task.Execute(cake)));
    }
}
