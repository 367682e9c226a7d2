namespace Bottle.Egress.Introspection;

/// <summary>Marks connections of the control socket, which only processes inside the container can open.</summary>
internal sealed class ControlConnection
{
    public static ControlConnection Instance { get; } = new();
}
