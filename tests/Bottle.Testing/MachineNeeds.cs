using System.Diagnostics.CodeAnalysis;
using NUnit.Framework;

namespace Bottle.Testing;

/// <summary>What a test needs of the machine and does not find: it is skipped with the reason, or fails where <c>BOTTLE_REQUIRE_ENGINE=1</c>, so that a pipeline cannot pass by skipping.</summary>
public static class MachineNeeds
{
    /// <summary>Whether what is missing is a failure.</summary>
    public static bool AreRequired => Environment.GetEnvironmentVariable("BOTTLE_REQUIRE_ENGINE") == "1";

    /// <summary>Ends the test that runs.</summary>
    [DoesNotReturn]
    public static void AreMissing(string reason)
    {
        if (AreRequired)
            Assert.Fail($"BOTTLE_REQUIRE_ENGINE=1, and {reason}");
        Assert.Ignore(reason);
        throw new IgnoreException(reason);
    }
}
