using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Formation.OrderConsumer;

// <liveness>
/// <summary>Vivacité : la boucle tourne-t-elle ? Ni le broker ni le lag n'y changent rien.</summary>
public sealed class PollLoopCheck(ConsumerPulse pulse, ConsumerSettings settings)
    : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        TimeSpan age = pulse.Age;
        string description = $"dernier retour de Consume il y a {age.TotalSeconds:F1} s";
        return Task.FromResult(age < settings.LivenessMaxAge
            ? HealthCheckResult.Healthy(description)
            : HealthCheckResult.Unhealthy(description));
    }
}
// </liveness>

// <readiness>
/// <summary>Disponibilité : le groupe nous a-t-il donné notre part ?</summary>
public sealed class AssignmentCheck(ConsumerPulse pulse) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(pulse.Assigned
            ? HealthCheckResult.Healthy("part reçue")
            : HealthCheckResult.Unhealthy("en attente du groupe"));
}
// </readiness>
