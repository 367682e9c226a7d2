using System.Runtime.Versioning;

// Egress runs in a Linux container and nowhere else: Unix sockets, signals, file modes.
[assembly: SupportedOSPlatform("linux")]
