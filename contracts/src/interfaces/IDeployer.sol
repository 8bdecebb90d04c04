// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title Deploys contracts at addresses that are known in advance and equal on every chain.
/// @notice The deployer is created by CREATE2, so its own address follows from its owner and a salt. The addresses of
/// the contracts it creates follow from its address and their order. Contracts that refer to each other can therefore
/// store each other's addresses as immutables.
interface IDeployer {
    /// @notice Only the owner may deploy. A contract of another account would occupy the address of one of ours.
    error NotOwner(address caller, address owner);

    /// @notice The constructor reverted.
    error CreationFailed(bytes reason);

    /// @notice A contract was created.
    event Created(address indexed created);

    /// @notice Creates the next contract. The n-th, counted from 1, gets the address of this contract's nonce n.
    function create(bytes calldata creationCode) external returns (address created);
}
