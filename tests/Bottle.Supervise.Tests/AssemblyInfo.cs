using System.Runtime.Versioning;

// Supervise runs in a Linux container and nowhere else: signals, file modes.
[assembly: SupportedOSPlatform("linux")]
