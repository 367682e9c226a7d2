namespace Bottle.Build;

/// <summary>One value of the command line under its name, without dashes. A class, because what is generic over pairs of the framework is compiled anew in every process, which a cold start feels.</summary>
public sealed record GivenValue(string Name, string Value);
