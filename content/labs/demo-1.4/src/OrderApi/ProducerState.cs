using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Formation.Shop.OrderApi;

/// <summary>Vivacité de l'API : elle ne tient qu'à l'absence d'erreur fatale. Un broker injoignable n'en est pas une.</summary>
public sealed class ProducerState : IHealthCheck
{
    private volatile string? fatal;

    /// <summary>Le producer ne servira plus : le processus doit être remplacé.</summary>
    public void MarkFatal(string reason) => fatal = reason;

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(fatal is { } reason ? HealthCheckResult.Unhealthy(reason) : HealthCheckResult.Healthy());
}
