namespace Bottle.Contracts.Routes;

/// <summary>How a lease stands at one moment, as the enforcer of the table knows it.</summary>
public enum LeaseState
{
    /// <summary>Its route counts.</summary>
    InForce,

    /// <summary>Its time is over.</summary>
    Ended,

    /// <summary>All its uses are taken.</summary>
    UsedUp,

    /// <summary>Its uses cannot be counted, so they are not granted.</summary>
    Uncounted,
}
