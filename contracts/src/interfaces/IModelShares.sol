// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelId } from "../lib/Types.sol";

/// @notice The latest announcement of a majority. Times are Unix seconds, as are those of votes.
/// @param holder Account that announced itself; zero if its votes have fallen to half since.
/// @param since When it announced itself.
struct Majority {
    address holder;
    uint48 since;
}

/// @title Shares of one model: they earn and they vote.
/// @notice An ERC-20 with EIP-2612 permit and ERC-5805 votes, whose clock is the block timestamp. There are 1,000,000
/// shares with 18 decimals, and the creator receives all of them. Shares that are not delegated carry the vote of their
/// holder.
///
/// **Control.** An account with more than half of the votes may announce itself, and controls the model from one epoch
/// later on, as long as it has had more than half without a break. The moment its votes fall to half, its announcement ends,
/// within the same transaction. So shares that are borrowed decide nothing, and selling half of the shares is handing
/// over. The creator, who receives all shares, counts as announced an epoch before.
/// @dev Each is a clone that stores its constant data behind its code, because code costs a third of storage: the
/// model's number, the manifest root of the first version, parents and lineage (see `ModelRegistry`), and the metadata
/// URI of the first version. Name and symbol are derived from the number.
interface IModelShares {
    /// @notice Only the model registry may initialize shares.
    error NotRegistry(address caller, address registry);

    /// @notice This account can never be paid. Neither the shares' own contract nor the treasury may hold shares.
    error HolderInvalid(address account);

    /// @notice The account does not have more than half of the votes.
    error MajorityMissing(address account, uint256 votes);

    /// @notice An account with more than half of the votes announced itself. It controls the model from `standing` later on.
    event MajorityAnnounced(address indexed holder);

    /// @notice The votes of the announced account fell to half.
    event MajorityLost(address indexed holder);

    /// @notice Announces the caller as the holder of a majority. Announcing again changes nothing.
    function announce() external;

    /// @notice Gives all shares to the creator. The registry calls this once, in the transaction that deploys the
    /// clone.
    function initialize(address creator) external;

    /// @notice Number of the model.
    function modelId() external view returns (ModelId);

    /// @notice Seconds for which a majority must have stood before it decides: one epoch, a day on public chains.
    function standing() external view returns (uint48);

    /// @notice The latest announcement.
    function majority() external view returns (Majority memory);

    /// @notice Account that decides for the model alone; zero if none does.
    function controller() external view returns (address);
}
