using Cake.Core;

namespace Cake.Frosting;

/// <summary>A task as the engine sees it.</summary>
public interface IFrostingTask
{
    /// <summary>Does the work.</summary>
    Task RunAsync(ICakeContext context);
}

/// <summary>A task that awaits.</summary>
public abstract class AsyncFrostingTask<T> : IFrostingTask where T : ICakeContext
{
    /// <summary>Does the work; a task without an override only groups its dependencies.</summary>
    public virtual Task RunAsync(T context) => Task.CompletedTask;

    Task IFrostingTask.RunAsync(ICakeContext context) => RunAsync((T)context);
}

/// <summary>A task that does not await.</summary>
public abstract class FrostingTask<T> : IFrostingTask where T : ICakeContext
{
    /// <summary>Does the work; a task without an override only groups its dependencies.</summary>
    public virtual void Run(T context) { }

    Task IFrostingTask.RunAsync(ICakeContext context)
    {
        Run((T)context);
        return Task.CompletedTask;
    }
}
