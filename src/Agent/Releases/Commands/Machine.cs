using System.Runtime.InteropServices;

namespace BlueGreen.Agent.Releases.Commands;

/// <summary>Processor architectures by their number in an ELF header, e_machine of the System V ABI.</summary>
internal static class Machine
{
    private const ushort X86 = 3;
    private const ushort Arm = 40;
    private const ushort X64 = 62;
    private const ushort Arm64 = 183;

    /// <summary>The number of the machine this runs on.</summary>
    public static ushort This { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => X64,
        Architecture.Arm64 => Arm64,
        Architecture.X86 => X86,
        Architecture.Arm or Architecture.Armv6 => Arm,
        Architecture.S390x => 22,
        Architecture.Ppc64le => 21,
        Architecture.RiscV64 => 243,
        Architecture.LoongArch64 => 258,
        _ => 0,
    };

    /// <summary>
    /// Whether this machine may run programs of <paramref name="machine"/>; 64-bit kernels run their 32-bit kin.
    /// </summary>
    public static bool Runs(ushort machine) =>
        machine == This || This == 0 || (This, machine) is (X64, X86) or (Arm64, Arm);

    /// <summary>The name <c>uname -m</c> uses.</summary>
    public static string Name(ushort machine) => machine switch
    {
        X86 => "x86",
        Arm => "arm",
        X64 => "x86-64",
        Arm64 => "aarch64",
        8 => "mips",
        20 => "powerpc",
        21 => "ppc64",
        22 => "s390x",
        243 => "riscv",
        258 => "loongarch",
        _ => $"machine {machine}",
    };
}
