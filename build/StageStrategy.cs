using System.Diagnostics;
using Bottle.Build.Console;
using Cake.Core;

namespace Bottle.Build;

/// <summary>How Cake's engine runs our tasks: timed, one line each, teardown once; banners and the report table of Cake's own strategy are left out.</summary>
internal sealed class StageStrategy(StageConsole console) : IExecutionStrategy
{
    public void PerformSetup(Action<ISetupContext> action, ISetupContext context) => action(context);

    public void PerformTeardown(Action<ITeardownContext> action, ITeardownContext teardownContext) => action(teardownContext);

    public async Task ExecuteAsync(CakeTask task, ICakeContext context)
    {
        if (task.Actions.Count == 0) return;
        var clock = Stopwatch.StartNew();
        try
        {
            await task.Execute(context);
        }
        catch (Exception)
        {
            console.Failed(task.Name, clock.Elapsed);
            throw;
        }
        if (Stages.IsStage(task.Name)) console.Done(task.Name, clock.Elapsed);
    }

    public void Skip(CakeTask task, CakeTaskCriteria criteria) { }

    public Task ReportErrorsAsync(Func<Exception, Task> action, Exception exception) => action(exception);

    public Task HandleErrorsAsync(Func<Exception, ICakeContext, Task> action, Exception exception, ICakeContext context) => action(exception, context);

    public Task InvokeFinallyAsync(Func<ICakeContext, Task> action, ICakeContext context) => action(context);

    public void PerformTaskSetup(Action<ITaskSetupContext> action, ITaskSetupContext taskSetupContext) => action(taskSetupContext);

    public void PerformTaskTeardown(Action<ITaskTeardownContext> action, ITaskTeardownContext taskTeardownContext) => action(taskTeardownContext);
}
