// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { IModelRegistry } from "../../src/interfaces/IModelRegistry.sol";
import { IProtocol } from "../../src/interfaces/IProtocol.sol";
import { Earnings } from "../../src/interfaces/ITreasury.sol";
import { ModelId } from "../../src/lib/Types.sol";
import { TestUSD } from "../../src/money/TestUSD.sol";
import { Treasury } from "../../src/money/Treasury.sol";
import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice TestUSD without the faucet's cap. What a sponsored spender pulls is minted first, so that most tests need not
/// fund the bond of each registration.
contract MintableUSD is TestUSD {
    address private _sponsored;

    function sponsor(address spender) external {
        _sponsored = spender;
    }

    function transferFrom(address from, address to, uint256 value) public virtual override returns (bool) {
        if (msg.sender == _sponsored) {
            _mint(from, value);
            _approve(from, msg.sender, value);
        }
        return super.transferFrom(from, to, value);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// @notice TestUSD as it is, for gas.
contract PlainUSD is MintableUSD {
    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        return ERC20.transferFrom(from, to, value);
    }
}

/// @notice A token with a hook that makes a call during a transfer.
contract HookedUSD is MintableUSD {
    address private target;
    bytes private answer;
    bool public answered;

    function answerNextTransfer(address target_, bytes calldata answer_) external {
        (target, answer, answered) = (target_, answer_, false);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (target != address(0)) {
            (address called, bytes memory data) = (target, answer);
            delete target;
            (answered,) = called.call(data);
        }
        super._update(from, to, value);
    }
}

/// @notice The treasury, with access to the exact amounts owed before rounding.
contract OpenTreasury is Treasury {
    constructor(
        IERC20 usd,
        IModelRegistry registry,
        IProtocol protocol,
        address minterRegistry,
        address origins,
        address protocolAccount,
        address proverPool
    ) Treasury(usd, registry, protocol, minterRegistry, origins, protocolAccount, proverPool) { }

    /// @notice In parts of a unit.
    function owedParts(ModelId id, address account) external view returns (uint256) {
        return _owed(id, REGISTRY.shares(id), account, _accrued(id));
    }

    /// @notice In ten-thousandths of a unit.
    function accrued(ModelId id) external view returns (uint256) {
        return _accrued(id);
    }

    /// @notice Earnings that have yet to accrue, in ten-thousandths of a unit.
    function unaccrued(ModelId id) external view returns (uint256) {
        Earnings memory all = this.earnings(id);
        return uint256(all.accrued) + all.streaming + all.pending - _accrued(id);
    }

    function parts() external pure returns (uint256) {
        return PARTS;
    }
}
