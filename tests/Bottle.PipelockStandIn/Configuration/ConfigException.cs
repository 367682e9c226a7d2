namespace Bottle.PipelockStandIn.Configuration;

/// <summary>The configuration file cannot be used; the message is for the log.</summary>
internal sealed class ConfigException(string message) : Exception(message);
