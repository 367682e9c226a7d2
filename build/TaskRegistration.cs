using System.Reflection;
using Cake.Core;
using Cake.Frosting;

namespace Bottle.Build;

/// <summary>Registers every task class of this assembly in Cake's engine: class = target, attributes = edges.</summary>
internal static class TaskRegistration
{
    internal static IReadOnlyList<Type> TaskTypes { get; } =
        [.. typeof(TaskRegistration).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsAssignableTo(typeof(IFrostingTask))).OrderBy(type => type.Name, StringComparer.Ordinal)];

    internal static string NameOf(Type task) => task.GetCustomAttribute<TaskNameAttribute>()?.Name ?? task.Name;

    internal static void RegisterTasks(this ICakeEngine engine, BottleContext context)
    {
        foreach (var type in TaskTypes)
        {
            var task = (IFrostingTask)Activator.CreateInstance(type)!;
            var builder = engine.RegisterTask(NameOf(type)).Description(type.GetCustomAttribute<TaskDescriptionAttribute>()?.Description ?? "");
            foreach (var edge in type.GetCustomAttributes<IsDependentOnAttribute>()) builder.IsDependentOn(NameOf(edge.Task));
            foreach (var edge in type.GetCustomAttributes<IsDependeeOfAttribute>()) builder.IsDependeeOf(NameOf(edge.Task));
            builder.Does(async _ =>
            {
                // After a cancel the engine goes on with the next task unless each one checks.
                context.Cancellation.ThrowIfCancellationRequested();
                await task.RunAsync(context);
            });
        }
    }
}
