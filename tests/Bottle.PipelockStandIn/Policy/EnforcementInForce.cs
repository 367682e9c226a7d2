namespace Bottle.PipelockStandIn.Policy;

/// <summary>The one that new tunnels and plain requests get.</summary>
internal sealed class EnforcementInForce(Enforcement first)
{
    private volatile Enforcement _current = first;

    public Enforcement Current
    {
        get => _current;
        set => _current = value;
    }
}
