namespace Bottle.Egress.Logging;

/// <summary>Tells the operator, on standard error, what is wrong with the log.</summary>
internal static class Complaint
{
    /// <summary>Writes one line. That it cannot be written, on the same full disk, stops nothing: /healthz says it, too.</summary>
    public static void Tell(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (IOException)
        {
            // There is nobody else to tell.
        }
    }
}
