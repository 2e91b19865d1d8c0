// Slides 13–26 as reconstructed. Of slides 13–19 (the vanishing gradient) the text is lost but for one line
// of slide 14, which fixes x₁, h₀, b and W_h and prints h₁ = [0.537, 0.834]. Of slides 20–26 (the exploding
// gradient) nothing is left but the titles: assumed are the same network with W_h all 2 and no activation.
// The output layer, the target and the loss are assumed to be those of slide 35. Values: PyTorch autograd in
// float64; nothing here is printed on a slide.

import type { Value } from "./quantity.js";

export interface ReconstructedQuantity {
  slide: number;
  name: string;
  exact: Value;
}

export const reconstructedSlides: readonly ReconstructedQuantity[] = [
  { slide: 13, name: "z₁", exact: [0.6, 1.2000000000000002] },
  { slide: 13, name: "h₁ = tanh(z₁)", exact: [0.5370495669980353, 0.8336546070121553] },
  { slide: 14, name: "W_x x₂", exact: [0.8, 1.8000000000000003] },
  { slide: 14, name: "W_h h₁", exact: [0.1370704174010192, 0.1370704174010192] },
  { slide: 14, name: "z₂", exact: [1.0370704174010192, 2.0370704174010195] },
  { slide: 14, name: "h₂ = tanh(z₂)", exact: [0.7767285641898272, 0.9665551503998506] },
  { slide: 15, name: "logit", exact: [0.5453122579579206, 0.9939690008758562] },
  { slide: 16, name: "ŷ = softmax", exact: [0.38968018488052186, 0.6103198151194781] },
  { slide: 16, name: "Loss", exact: 0.9424289150420565 },
  { slide: 17, name: "∂L/∂logit", exact: [-0.6103198151194782, 0.6103198151194781] },
  {
    slide: 17,
    name: "∂L/∂W_hy",
    exact: [
      [-0.4740528336943531, -0.5899077606948163],
      [0.47405283369435297, 0.5899077606948162],
    ],
  },
  { slide: 17, name: "∂L/∂b_y", exact: [-0.6103198151194782, 0.6103198151194781] },
  { slide: 17, name: "∂h₂", exact: [0.1220639630238956, 0.12206396302389558] },
  { slide: 17, name: "1−h₂²", exact: [0.3966927375716095, 0.06577114123552219] },
  { slide: 17, name: "∂z₂", exact: [0.04842188765078887, 0.008028286151812187] },
  {
    slide: 17,
    name: "∂W_x(2)",
    exact: [
      [0.09684377530157774, 0.14526566295236662],
      [0.016056572303624374, 0.02408485845543656],
    ],
  },
  {
    slide: 17,
    name: "∂W_h(2)",
    exact: [
      [0.026004953796083675, 0.04036712972030514],
      [0.004311587601567058, 0.006692817736870117],
    ],
  },
  { slide: 18, name: "∂h₁", exact: [0.005645017380260106, 0.005645017380260106] },
  { slide: 18, name: "1−h₁²", exact: [0.7115777625872228, 0.30501999620740883] },
  { slide: 18, name: "∂z₁", exact: [0.004016868837211472, 0.0017218431799176947] },
  {
    slide: 18,
    name: "∂W_x(1)",
    exact: [
      [0.004016868837211472, 0.008033737674422944],
      [0.0017218431799176947, 0.0034436863598353894],
    ],
  },
  {
    slide: 18,
    name: "∂W_h(1)",
    exact: [
      [0, 0],
      [0, 0],
    ],
  },
  {
    slide: 18,
    name: "∂W_x",
    exact: [
      [0.10086064413878922, 0.15329940062678957],
      [0.01777841548354207, 0.02752854481527195],
    ],
  },
  {
    slide: 18,
    name: "∂W_h",
    exact: [
      [0.026004953796083675, 0.04036712972030514],
      [0.004311587601567058, 0.006692817736870117],
    ],
  },
  { slide: 18, name: "∂b", exact: [0.052438756488000345, 0.009750129331729881] },
  { slide: 18, name: "∂h₀", exact: [0.0005738712017129167, 0.0005738712017129167] },
  { slide: 19, name: "‖∂h₂‖", exact: 0.17262451198540113 },
  { slide: 19, name: "‖∂h₁‖", exact: 0.00798326013899568 },
  { slide: 19, name: "‖∂h₁‖/‖∂h₂‖", exact: 0.04624638788071317 },
  { slide: 20, name: "ρ(W_h)", exact: 4 },
  { slide: 20, name: "σ_max(W_h)", exact: 4 },
  { slide: 21, name: "z₁", exact: [0.6, 1.2000000000000002] },
  { slide: 21, name: "h₁ = z₁", exact: [0.6, 1.2000000000000002] },
  { slide: 22, name: "W_x x₂", exact: [0.8, 1.8] },
  { slide: 22, name: "W_h h₁", exact: [3.6000000000000005, 3.6000000000000005] },
  { slide: 22, name: "h₂ = z₂", exact: [4.5, 5.5] },
  { slide: 23, name: "logit", exact: [2.65, 4.75] },
  { slide: 23, name: "ŷ = softmax", exact: [0.10909682119561294, 0.8909031788043871] },
  { slide: 24, name: "Loss", exact: 2.215519523179755 },
  { slide: 25, name: "∂L/∂logit", exact: [-0.8909031788043871, 0.8909031788043871] },
  {
    slide: 25,
    name: "∂L/∂W_hy",
    exact: [
      [-4.009064304619741, -4.899967483424129],
      [4.009064304619741, 4.899967483424129],
    ],
  },
  { slide: 25, name: "∂L/∂b_y", exact: [-0.8909031788043871, 0.8909031788043871] },
  { slide: 25, name: "∂h₂ = ∂z₂", exact: [0.17818063576087742, 0.17818063576087745] },
  {
    slide: 25,
    name: "∂W_x(2)",
    exact: [
      [0.35636127152175484, 0.5345419072826323],
      [0.3563612715217549, 0.5345419072826323],
    ],
  },
  {
    slide: 25,
    name: "∂W_h(2)",
    exact: [
      [0.10690838145652645, 0.21381676291305293],
      [0.10690838145652647, 0.21381676291305296],
    ],
  },
  { slide: 26, name: "∂h₁ = ∂z₁", exact: [0.7127225430435098, 0.7127225430435098] },
  { slide: 26, name: "∂h₀", exact: [2.850890172174039, 2.850890172174039] },
  {
    slide: 26,
    name: "∂W_x(1)",
    exact: [
      [0.7127225430435098, 1.4254450860870196],
      [0.7127225430435098, 1.4254450860870196],
    ],
  },
  {
    slide: 26,
    name: "∂W_h(1)",
    exact: [
      [0, 0],
      [0, 0],
    ],
  },
  {
    slide: 26,
    name: "∂W_x",
    exact: [
      [1.0690838145652646, 1.9599869933696519],
      [1.0690838145652646, 1.9599869933696519],
    ],
  },
  {
    slide: 26,
    name: "∂W_h",
    exact: [
      [0.10690838145652645, 0.21381676291305293],
      [0.10690838145652647, 0.21381676291305296],
    ],
  },
  { slide: 26, name: "∂b", exact: [0.8909031788043872, 0.8909031788043873] },
  { slide: 26, name: "‖∂h₂‖", exact: 0.2519854716452934 },
  { slide: 26, name: "‖∂h₁‖", exact: 1.0079418865811736 },
  { slide: 26, name: "‖∂h₁‖/‖∂h₂‖", exact: 4 },
];
