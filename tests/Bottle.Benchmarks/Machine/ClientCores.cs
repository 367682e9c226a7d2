using System.Globalization;

namespace Bottle.Benchmarks.Machine;

/// <summary>Moves this process, which is the load generator, to the client's cores.</summary>
internal static class ClientCores
{
    /// <summary>Pins every thread that there is; later ones inherit it.</summary>
    internal static void Take(CpuLayout layout)
    {
        if (layout.Client is not null)
            Child.Run("/", "taskset", "--all-tasks", "--cpu-list", "--pid", layout.Client, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }
}
