using System.Globalization;
using BlueGreen.Benchmarks.Running;

namespace BlueGreen.Benchmarks.Reports;

/// <summary>Figures, for people.</summary>
internal static class FigureText
{
    /// <summary>A figure, or a dash where there is none.</summary>
    public static string Of(Figure figure, double? value) => value?.ToString(figure.Format, CultureInfo.InvariantCulture) ?? "-";

    /// <summary>A ratio with how far it spread.</summary>
    public static string Of(Spread? ratio) => ratio is not { } spread ? "-" : spread.Least.Equals(spread.Most)
        ? Times(spread.Median)
        : $"{Times(spread.Median)} ({Times(spread.Least)}-{Times(spread.Most)})";

    private static string Times(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);
}
