namespace Bottle.Supervise.Tools;

/// <summary>Arguments that cannot be used; the message is a whole sentence for the model.</summary>
internal sealed class ToolInputException(string message) : Exception(message);
