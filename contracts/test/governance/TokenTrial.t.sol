// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { TokenTrial } from "../../src/governance/TokenTrial.sol";
import { Permit } from "../../src/interfaces/ICopyRegistry.sol";
import { ITokenTrial } from "../../src/interfaces/ITokenTrial.sol";
import { TestUSD } from "../../src/money/TestUSD.sol";
import {
    FeeUSD,
    GrowingUSD,
    LongUSD,
    PlainUSD,
    PooledUSD,
    SharesUSD,
    ShrinkingUSD,
    ToppedUSD
} from "../helpers/OddTokens.sol";
import { Vm } from "../helpers/Vm.sol";
import { IERC20Metadata } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

contract TokenTrialTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant KEY = 0xA11CE;
    uint256 private constant AMOUNT = 1e6;
    address private immutable PAYER = vm.addr(KEY);

    function test_default() public {
        _trial(_funded(new TestUSD()));
    }

    function test_error_TokenMissing() public {
        vm.expectRevert(abi.encodeWithSelector(ITokenTrial.TokenMissing.selector, address(0xDEAD)));
        new TokenTrial(IERC20Metadata(address(0xDEAD)), PAYER, Permit(AMOUNT, 0, 0, 0, 0));
    }

    function test_error_DecimalsUnsupported() public {
        LongUSD token = new LongUSD();
        vm.expectRevert(abi.encodeWithSelector(ITokenTrial.DecimalsUnsupported.selector, token, 18, 6));
        new TokenTrial(token, PAYER, Permit(AMOUNT, 0, 0, 0, 0));
        vm.expectRevert(abi.encodeWithSelector(ITokenTrial.DecimalsUnsupported.selector, address(this), 0, 6));
        new TokenTrial(IERC20Metadata(address(this)), PAYER, Permit(AMOUNT, 0, 0, 0, 0));
    }

    function test_error_TrialUnfunded() public {
        TestUSD token = new TestUSD();
        token.faucet(PAYER, AMOUNT - 1);
        _refuses(token, abi.encodeWithSelector(ITokenTrial.TrialUnfunded.selector, token, PAYER, AMOUNT - 1, AMOUNT));
    }

    function test_error_PermitUnsupported() public {
        PlainUSD plain = new PlainUSD();
        plain.faucet(PAYER, AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(ITokenTrial.PermitUnsupported.selector, plain));
        new TokenTrial(plain, PAYER, Permit(AMOUNT, type(uint256).max, 27, bytes32(uint256(1)), bytes32(uint256(2))));
    }

    /// Of a million units a thousand stay behind.
    function test_error_TransferInexact_fee() public {
        TestUSD token = _funded(new FeeUSD());
        _refuses(
            token,
            abi.encodeWithSelector(ITokenTrial.TransferInexact.selector, token, AMOUNT, AMOUNT, AMOUNT - AMOUNT / 1000)
        );
    }

    function test_error_TransferInexact_onTop() public {
        TestUSD token = _funded(new ToppedUSD());
        _refuses(
            token,
            abi.encodeWithSelector(ITokenTrial.TransferInexact.selector, token, AMOUNT, AMOUNT + AMOUNT / 1000, AMOUNT)
        );
    }

    function test_error_TransferInexact_shares() public {
        TestUSD token = _funded(new PooledUSD());
        _refuses(token, abi.encodeWithSelector(ITokenTrial.TransferInexact.selector, token, AMOUNT, AMOUNT, AMOUNT - 1));
    }

    function test_error_SupplyChanged() public {
        TestUSD token = _funded(new ShrinkingUSD());
        uint256 supply = token.totalSupply();
        // one transfer from the payer, seven pieces
        _refuses(token, abi.encodeWithSelector(ITokenTrial.SupplyChanged.selector, token, supply, supply - 8));
    }

    function test_error_TokenRebases() public {
        TestUSD token = _funded(new SharesUSD());
        _refuses(token, abi.encodeWithSelector(ITokenTrial.TokenRebases.selector, token, SharesUSD.sharesOf.selector));
    }

    /// What time alone changes shows in no transfer: lib/deploy/try-token.ts looks at a balance a month later.
    function test_behavior_growingBalances() public {
        TestUSD token = _funded(new GrowingUSD());
        _trial(token);
        uint256 before = token.balanceOf(PAYER);
        vm.warp(block.timestamp + 30 days);
        vm.assertTrue(token.balanceOf(PAYER) > before, "a month later");
    }

    function _funded(TestUSD token) private returns (TestUSD) {
        token.faucet(PAYER, 3 * AMOUNT);
        return token;
    }

    function _refuses(TestUSD token, bytes memory reason) private {
        Permit memory permit = _permit(token);
        vm.expectRevert(reason);
        new TokenTrial(token, PAYER, permit);
    }

    function _trial(TestUSD token) private {
        Permit memory permit = _permit(token);
        new TokenTrial(token, PAYER, permit);
    }

    function _permit(TestUSD token) private view returns (Permit memory) {
        address trial = vm.computeCreateAddress(address(this), vm.getNonce(address(this)));
        bytes32 typeHash =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        bytes32 hash = keccak256(abi.encode(typeHash, PAYER, trial, AMOUNT, token.nonces(PAYER), type(uint256).max));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(KEY, keccak256(abi.encodePacked("\x19\x01", token.DOMAIN_SEPARATOR(), hash)));
        return Permit(AMOUNT, type(uint256).max, v, r, s);
    }
}
