using System.Runtime.Versioning;

// Process groups, Unix sockets, /proc: this program is Linux's.
[assembly: SupportedOSPlatform("linux")]
