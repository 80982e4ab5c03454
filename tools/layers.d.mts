export function biomeConfig(): object;
