namespace Bottle.Core.Diagnostics.Catalogue;

/// <summary>BTL9xxx: bugs in Bottle.</summary>
public static class InternalErrors
{
    /// <summary>BTL9001: an exception that no phase expected.</summary>
    public static Diagnostic Unexpected(Exception exception) => new()
    {
        Code = "BTL9001",
        Message = $"Bottle failed in a way that it did not expect: {exception.GetType().Name}: {exception.Message}",
        Why = "this is a bug in Bottle; what had been started is torn down",
        Fix = "run again with --verbosity=diagnostic and report what it prints",
    };
}
