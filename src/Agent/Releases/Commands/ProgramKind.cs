namespace BlueGreen.Agent.Releases.Commands;

/// <summary>What a file is, judged by its first bytes.</summary>
internal enum ProgramKind
{
    /// <summary>Nothing the kernel starts.</summary>
    Unknown,

    /// <summary>A program of Linux (or a shared library; the two look alike).</summary>
    Elf,

    /// <summary>A text whose first line, <c>#!</c>, names its interpreter.</summary>
    Script,

    /// <summary>A program of Windows.</summary>
    Windows,

    /// <summary>A program of macOS.</summary>
    MacOs,
}
