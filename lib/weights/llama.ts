/** The matrix that a Llama layer's MLP writes to the residual with. */
export function downProjName(layer: number): string {
  return `model.layers.${layer}.mlp.down_proj.weight`
}
